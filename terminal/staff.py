"""What staff may ask of a running terminal, and what it answers. Everything but a look at the state names who answers for it."""

from typing import Protocol

from terminal.control import StaffCommand, StaffReply
from terminal.fault_levels import FaultLevels
from terminal.fsm import events
from terminal.fsm.states import State
from terminal.money.errors import LedgerError
from terminal.money.settling import AccountSettler


class Terminal(Protocol):
    """What the desk needs of the supervisor."""

    @property
    def state(self) -> State:
        """The terminal's situation."""
        ...

    @property
    def out_of_service_code(self) -> str:
        """Why nobody is served, or empty."""
        ...

    def handle(self, event: events.Event) -> None:
        """Let the machine decide."""
        ...

    def stop(self) -> None:
        """End the service in order."""
        ...


class StaffDesk:
    """Obeys one command after the other; ``released_by`` is who released the last finding."""

    def __init__(self, terminal: Terminal, levels: FaultLevels, money: AccountSettler | None = None) -> None:
        self._terminal = terminal
        self._levels = levels
        self._money = money
        self.released_by = ""

    def obey(self, command: StaffCommand) -> StaffReply:
        """Do what is asked, or say why not (``CONTROL_…``)."""
        if command.command == "status":
            return self.reply()
        if command.staff is None:
            return self.reply("CONTROL_STAFF_MISSING", "say who answers for this: --staff CODE")
        match command.command:
            case "release":
                return self._release(command.staff)
            case "withdraw":
                self._terminal.handle(events.ServiceWithdrawn())
            case "restore":
                self._terminal.handle(events.ServiceRestored())
            case "settle":
                return self._settle(command.device or "", command.staff)
            case "pay-claim":
                return self._pay_claim(command.claim or "", command.staff)
            case "stop":
                self._terminal.stop()
        return self.reply()

    def reply(self, code: str = "", text: str = "") -> StaffReply:
        """The terminal's state with ``code``; without a text, why it is out of service."""
        return StaffReply(state=self._terminal.state.value, text=text or self._terminal.out_of_service_code, code=code)

    def _release(self, staff: str) -> StaffReply:
        if self._terminal.state is not State.STOPPED_FOR_FINDING:
            return self.reply("CONTROL_NOTHING_TO_RELEASE", "no finding has stopped this terminal")
        self.released_by = staff
        self._terminal.handle(events.FindingReleased())
        return self.reply()

    def _settle(self, device: str, staff: str) -> StaffReply:
        """Staff have looked: the tray is empty, or the money is accounted for."""
        counted = device == "payment" and self._money is not None and self._money.count_cash(staff)
        settled = self._levels.settle(device)
        if not settled and not counted:
            return self.reply("CONTROL_NOTHING_TO_SETTLE", f"nothing of {device or 'any device'} waits for staff")
        for event in settled:
            self._terminal.handle(event)
        return self.reply()

    def _pay_claim(self, number: str, staff: str) -> StaffReply:
        """Staff paid a claim out of the shop's till; each number once."""
        claim = self._money.state.claim(number) if self._money is not None else None
        if claim is None or self._money is None:
            return self.reply(
                "CONTROL_NO_SUCH_CLAIM",
                f"no claim {number or '(--claim is missing)'} is open; it was paid, or never was",
            )
        try:
            self._money.pay_claim(number, staff)
        except LedgerError as error:
            if not error.refused:
                raise
            return self.reply("CONTROL_NO_SUCH_CLAIM", error.failure.text)
        return self.reply(text=f"claim {number} over {claim.amount_yen} yen is paid")
