"""One visit to the terminal, played by a person and told step by step."""

import re
from dataclasses import dataclass, field

from rich.console import Console

from honnin.demo.world import World
from simulator.people.typist import Typist
from terminal.control import StaffCommand, ask

_CHOICE = re.compile(r"^\s+(\S)\s+(?:\[[ x]\] )?(.*)$", re.MULTILINE)
_CLAIM = re.compile(r"[0-9]{4}-[0-9]{4}")
_WAIT_S = 60.0
_LINES_TOLD = 14


@dataclass(slots=True)
class Visit:
    """A person in front of the terminal; ``receipt`` collects what was seen and done."""

    number: int
    who: str
    world: World
    terminal: Typist
    console: Console
    receipt: list[str] = field(default_factory=list)

    def tell(self, line: str) -> None:
        """One line of the story."""
        self.receipt.append(line)
        self.console.print(f"  {line}", highlight=False)

    def begin(self, story: str) -> None:
        """Say who comes and wants what; wait until the terminal is ready for them."""
        self.console.rule(f"[bold]{self.number}. {self.who}", align="left")
        self.tell(story)
        self.terminal.wait_for("welcome", timeout_s=_WAIT_S)

    def tap(self, profile: str) -> None:
        """Lay the card on the reader."""
        self.world.tap(profile)
        self.tell("→ lays the card on the reader / カードを置く")

    def lift(self) -> None:
        """Take the card off."""
        self.world.lift()
        self.tell("→ takes the card / カードを取る")

    def see(self, *screens: str) -> str:
        """Wait for one of ``screens`` and tell its title and what it says."""
        name = self.terminal.wait_for(*screens, timeout_s=_WAIT_S)
        for line in self._readable():
            self.tell(f"[cyan]▌ {line}[/]")
        return name

    def pin(self, digits: str) -> None:
        """Type a PIN on the pad; the story shows dots, as the screen does."""
        self.terminal.mark()
        self.world.hardware.type_pin(digits)
        self.tell("→ types ●●●● on the PIN pad")
        self.terminal.wait_until_shown("checking_pin", _WAIT_S)

    def pay(self, *coins_yen: int, note_yen: int = 0) -> None:
        """Pay what the screen asks for, and say what the terminal shows of it."""
        self.see("pay")
        for coin_yen in coins_yen:
            self.world.hardware.insert_coin(coin_yen)
            self.tell(f"→ puts in {coin_yen} yen")
        if note_yen:
            self.world.hardware.insert_note(note_yen)
            self.tell(f"→ puts in a note of {note_yen:,} yen")

    def staff(self, command: str, code: str) -> str:
        """What staff do at the terminal, and what it answers, in words."""
        given: dict[str, str] = {"command": command}
        if command != "status":
            given["staff"] = code
        if command == "settle":
            given["device"] = "payment"
        if command == "pay-claim":
            given["claim"] = self._open_claim()
        reply = ask(self.world.state_dir, StaffCommand.model_validate(given))
        options = "".join(f" --{name} {value}" for name, value in given.items() if name != "command")
        return f"staff: honnin terminal {command}{options}  → {' '.join(filter(None, (reply.state, reply.code, reply.text)))}"

    def _open_claim(self) -> str:
        """The number on the last ticket."""
        ticket = self.world.hardware.look("receipt_printer")["last_slip"]
        return str(_CLAIM.findall(str(ticket))[0])

    def take_money(self) -> None:
        """Empty the coin tray."""
        back_yen = self.world.hardware.look("coins")["tray_yen"]
        self.world.hardware.do("coins", "take")
        self.tell(f"→ takes {back_yen} yen out of the coin tray")

    def choose(self, label: str) -> None:
        """Press the key of the choice that reads ``label``."""
        for key, text in _CHOICE.findall(self.terminal.frame):
            if label in text:
                self.terminal.press(key)
                self.tell(f"→ presses {key}: {label}")
                return
        raise AssertionError(f"expected a choice {label!r} on the screen:\n{self.terminal.frame}")

    def ok(self) -> None:
        """Press Enter."""
        self.terminal.press("\n")
        self.tell("→ presses OK")

    def cancel(self) -> None:
        """Press x."""
        self.terminal.press("x")
        self.tell("→ presses cancel / 取消")

    def authenticate(self, profile: str, pin: str = "1234") -> None:
        """From the tap to the card in the hand again."""
        self.tap(profile)
        self.see("enter_pin")
        self.pin(pin)
        self.see("take_card")
        self.lift()

    def _readable(self) -> list[str]:
        """Title and lines of the frame, without banner, rule and key line."""
        lines = [line.strip() for line in self.terminal.frame.splitlines()[:-1]]
        below_banner = lines[lines.index("") :] if "" in lines else lines
        return [line for line in below_banner if line and not set(line) <= {"─"}][:_LINES_TOLD]
