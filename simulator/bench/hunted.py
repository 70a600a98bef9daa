"""A customer who is bought for, and then hunted: what the memory hunt of promise P2 needs around ``memory_hunt``.

The terminal runs as in a store; the world outside (card, centre, printer, person) lives in the hunter's process, which knows the
canaries and is never searched. Used by the test of P2 and by the benchmark.
"""

import os
import secrets
import sys
from base64 import urlsafe_b64decode
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from honnin.demo.world import TERMINAL_ID, World
from simulator import pki
from simulator.centre.issuances import Begun
from simulator.checkers.memory_hunt import Hunt, Hunter
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import assemble, holder_of, initial_secrets, load_material
from simulator.devices.card_reader.profiles import profile
from simulator.devices.card_reader.secret_store import MemorySecrets
from simulator.people.residents import resident
from simulator.people.typist import Typist
from simulator.processes import descendants
from terminal.centre.api import SessionOutcome
from terminal.centre.messages import IssuanceRequest, SessionRequest
from terminal.processes.private_files import tmpfs_root

WHO = "father"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
"""The card writes an address with full-width digits, the register does not."""


@dataclass
class Overheard:
    """What the centre heard of the customer's session: secrets that only the customer's process and the centre know."""

    session_key_x: bytes = b""
    request_id: str = ""


def overhear(world: World) -> Overheard:
    """Listen at the centre from now on."""
    heard = Overheard()
    model = world.centre.centre.model
    open_session, issue = model.open_session, model.issue

    def open_and_hear(terminal_id: str, request: SessionRequest) -> SessionOutcome:
        heard.session_key_x = urlsafe_b64decode(request.session_key.x + "=")
        return open_session(terminal_id, request)

    def issue_and_hear(terminal_id: str, request: IssuanceRequest) -> Begun:
        heard.request_id = request.request_id
        return issue(terminal_id, request)

    model.open_session, model.issue = open_and_hear, issue_and_hear  # type: ignore[method-assign]
    return heard


@dataclass
class Stage:
    """A world, the terminal in it and what the centre overheard."""

    world: World
    terminal: Typist
    heard: Overheard

    def service_pids(self) -> list[int]:
        """The supervisor and everything below it."""
        return [self.terminal.pid, *descendants(self.terminal.pid)]


def card_with_pin(world: World, pin: str) -> Card:
    """A new card of the hunted customer whose four-digit PINs are ``pin``."""
    chosen = replace(profile(WHO), pin=pin, text_pin=pin)
    authorities = pki.load_or_create(world.home)
    material = load_material(world.home, chosen, authorities)
    store = MemorySecrets(initial_secrets(chosen, holder_of(chosen, material)))
    return assemble(chosen, material, authorities, store)


def pin_in_a_buffer(pin: str) -> bytes:
    """A PIN as a buffer of four digits holds it: CPython ends every buffer with a zero. Bare digits stand in any number."""
    return pin.encode() + b"\0"


def rarest_pin(pids: list[int]) -> tuple[str, int]:
    """Of 16 PINs the one that memory holds least before the customer, by chance, and how often."""
    pins = {f"{number:04d}" for number in secrets.SystemRandom().sample(range(1000, 10_000), 16)}
    hits = Hunter({pin: pin_in_a_buffer(pin) for pin in pins}).in_processes(pids).hits
    counts = Counter(hit.canary for hit in hits)
    rarest = min(sorted(pins), key=lambda pin: counts[pin])
    return rarest, counts[rarest]


def buy(stage: Stage, pin: str) -> bytes:
    """A residence certificate with My Number, from tap to paper; the paper's bytes, taken out of the tray."""
    terminal = stage.terminal
    stage.world.slot.insert(card_with_pin(stage.world, pin))
    terminal.wait_for("enter_pin")
    stage.world.type_pin(terminal, pin)
    terminal.wait_for("take_card")
    stage.world.lift()
    terminal.wait_for("choose_kind")
    terminal.press("1")
    terminal.wait_for("choose_scope")
    terminal.press("1")
    terminal.wait_for("choose_items")
    for key in _keys(terminal.frame, "個人番号"):
        terminal.press(key)
    terminal.press("\n")
    terminal.wait_for("choose_copies", "confirm")
    if terminal.screen == "choose_copies":
        terminal.press("1")
    terminal.wait_for("confirm")
    terminal.press("\n")
    stage.world.pay(terminal, 100, 100)
    terminal.wait_for("take_sheets", timeout_s=60)
    (sheet,) = stage.world.tray.glob("*.pdf")
    content = sheet.read_bytes()
    sheet.unlink()
    terminal.press("\n")
    terminal.wait_for("welcome", timeout_s=60)
    return content


def _keys(frame: str, label: str) -> list[str]:
    return [line.split()[0] for line in frame.splitlines() if label in line and line.startswith("  ")]


def canaries(stage: Stage, pin: str, pdf: bytes, strangers: bytes) -> dict[str, str | bytes]:
    """Everything of the customer that is looked for; ``strangers`` is somebody else's sheet, whose artwork does not count."""
    person = resident(WHO)
    return {
        "name": person.name,
        "address": person.address,
        "address as on the card": person.address.translate(WIDE),
        "My Number": person.my_number,
        "PIN on its way to the card": bytes((0x00, 0x20, 0x00, 0x80, 0x04)) + pin.encode(),
        **_own_chunks(pdf, strangers),
        "session key": stage.heard.session_key_x,
        "request id": stage.heard.request_id,
    }


def _own_chunks(pdf: bytes, strangers: bytes) -> dict[str, bytes]:
    """Three pieces of the file that are this customer's: the artwork of every sheet stands in a stranger's sheet too."""
    starts = range(0, len(pdf) - 64, 64)
    own = [pdf[start : start + 64] for start in starts if pdf[start : start + 16] not in strangers]
    if len(own) < 100:
        raise RuntimeError("the two sheets are too much alike to tell whose bytes are found")
    return {f"PDF piece {number}": own[len(own) * number // 4] for number in (1, 2, 3)}


def run_service(world: World, module: str = "honnin") -> Typist:
    """Start ``python -m module terminal run`` in ``world``."""
    command: list[str | Path] = [sys.executable, "-m", module, "terminal", "run", "--config", world.config_path]
    return Typist(command, world.directory / "terminal.log", world.environment)


def hunt_everywhere(stage: Stage, hunter: Hunter) -> tuple[Hunt, Hunt]:
    """In the memory of the whole service; and in its state, the tray, its log and its private files."""
    root = tmpfs_root()
    private = [root / f"honnin-{os.getuid()}-{TERMINAL_ID}"] if root is not None else []
    files = [stage.world.state_dir, stage.world.tray, stage.world.directory / "terminal.log", *private]
    return hunter.in_processes(stage.service_pids()), hunter.in_files(path for path in files if path.exists())
