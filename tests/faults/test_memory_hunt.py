"""Promise P2, hunted: no byte of a customer is left in the memory of the service, its files, or the printer's jobs.

The terminal runs as in a store, on pcscd, IPP and HTTPS. The world outside (card, centre, printer, person) lives in the test's
own process, which knows the canaries and is never searched; the paper itself is taken away as a customer takes it.
"""

import os
import random
import secrets
import sys
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from honnin.demo.world import TERMINAL_ID, World
from simulator import pki
from simulator.checkers.memory_hunt import Hunt, Hunter
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import assemble, holder_of, initial_secrets, load_material
from simulator.devices.card_reader.profiles import profile
from simulator.devices.card_reader.secret_store import MemorySecrets
from simulator.people.residents import resident
from simulator.people.typist import Typist
from terminal.centre.api import IssuanceOutcome, SessionOutcome
from terminal.centre.messages import IssuanceRequest, SessionRequest
from terminal.processes.private_files import tmpfs_root
from tests import form_kit
from tests.emulated_card_kit import shared_home
from tests.system import require

WHO = "father"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass
class Overheard:
    """What the centre heard of the customer's session: secrets that only the customer's process and the centre know."""

    session_key_x: bytes = b""
    request_id: str = ""


def _overhear(world: World) -> Overheard:
    heard = Overheard()
    model = world.centre.centre.model
    open_session, issue = model.open_session, model.issue

    def open_and_hear(terminal_id: str, request: SessionRequest) -> SessionOutcome:
        heard.session_key_x = urlsafe_b64decode(request.session_key.x + "=")
        return open_session(terminal_id, request)

    def issue_and_hear(terminal_id: str, request: IssuanceRequest) -> IssuanceOutcome:
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
        return [self.terminal.pid, *_descendants(self.terminal.pid)]


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += [int(child), *_descendants(int(child))]
    return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    require("pcscd")
    with World(tmp_path / "world", shared_home()) as world:
        yield world


def _card_with_pin(world: World, pin: str) -> Card:
    chosen = replace(profile(WHO), pin=pin, text_pin=pin)
    authorities = pki.load_or_create(world.home)
    material = load_material(world.home, chosen, authorities)
    store = MemorySecrets(initial_secrets(chosen, holder_of(chosen, material)))
    return assemble(chosen, material, authorities, store)


def _rarest_pin(pids: list[int]) -> tuple[str, int]:
    """Four digits stand in any program by chance: of 16 PINs the one that memory holds least before the customer."""
    pins = {f"{number:04d}" for number in random.Random(secrets.token_hex(8)).sample(range(1000, 10_000), 16)}
    hits = Hunter({pin: pin.encode() for pin in pins}).in_processes(pids).hits
    counts = Counter(hit.canary for hit in hits)
    rarest = min(sorted(pins), key=lambda pin: counts[pin])
    return rarest, counts[rarest]


def _buy(stage: Stage, pin: str) -> bytes:
    """A residence certificate with My Number, from tap to paper; the paper's bytes, taken out of the tray."""
    terminal = stage.terminal
    stage.world.slot.insert(_card_with_pin(stage.world, pin))
    terminal.wait_for("enter_pin")
    terminal.press(f"{pin}\n")
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
    terminal.wait_for("take_sheets", timeout_s=60)
    (sheet,) = stage.world.tray.glob("*.pdf")
    content = sheet.read_bytes()
    sheet.unlink()
    terminal.press("\n")
    terminal.wait_for("welcome", timeout_s=60)
    return content


def _keys(frame: str, label: str) -> list[str]:
    return [line.split()[0] for line in frame.splitlines() if label in line and line.startswith("  ")]


def _canaries(stage: Stage, pin: str, pdf: bytes) -> dict[str, str | bytes]:
    person = resident(WHO)
    return {
        "name": person.name,
        "address": person.address,
        "address as on the card": person.address.translate(WIDE),
        "My Number": person.my_number,
        "PIN on its way to the card": bytes((0x00, 0x20, 0x00, 0x80, 0x04)) + pin.encode(),
        **_own_chunks(pdf),
        "session key": stage.heard.session_key_x,
        "request id": stage.heard.request_id,
    }


def _own_chunks(pdf: bytes) -> dict[str, bytes]:
    """Three pieces of the file that are this customer's: the artwork of every sheet stands in a stranger's sheet too."""
    strangers = form_kit.draw(form_kit.residence("same-name-1")).pdf
    starts = range(0, len(pdf) - 64, 64)
    own = [pdf[start : start + 64] for start in starts if pdf[start : start + 16] not in strangers]
    assert len(own) > 100
    return {f"PDF piece {number}": own[len(own) * number // 4] for number in (1, 2, 3)}


def _run(world: World, module: str) -> Typist:
    command: list[str | Path] = [sys.executable, "-m", module, "terminal", "run", "--config", world.config_path]
    return Typist(command, world.directory / "terminal.log", world.environment)


def _hunt_everywhere(stage: Stage, hunter: Hunter) -> tuple[Hunt, Hunt]:
    root = tmpfs_root()
    private = [root / f"honnin-{os.getuid()}-{TERMINAL_ID}"] if root is not None else []
    files = [stage.world.state_dir, stage.world.tray, stage.world.directory / "terminal.log", *private]
    return hunter.in_processes(stage.service_pids()), hunter.in_files(path for path in files if path.exists())


@pytest.mark.system
def test_nothing_of_a_customer_is_left_anywhere(world: World) -> None:
    with _run(world, "honnin") as terminal:
        stage = Stage(world, terminal, _overhear(world))
        terminal.wait_for("welcome")
        pin, by_chance = _rarest_pin(stage.service_pids())
        hunter = Hunter(_canaries(stage, pin, _buy(stage, pin)))
        assert len(stage.service_pids()) >= 2, "expected the supervisor and the next customer's process"
        memory, files = _hunt_everywhere(stage, hunter)
        assert memory.bytes_read > 20_000_000
        assert files.bytes_read > 10_000
        assert memory.hits == ()
        assert files.hits == ()
        assert len(Hunter({"PIN": pin.encode()}).in_processes(stage.service_pids()).hits) <= by_chance
        state = httpx.get(f"{world.printer.url}/state").json()
        assert (state["jobs_waiting"], state["jobs_in_history"]) == (0, 0)


@pytest.mark.system
def test_the_hunt_finds_what_a_polite_return_leaves_behind(world: World) -> None:
    with _run(world, "tests.polite_terminal") as terminal:
        stage = Stage(world, terminal, _overhear(world))
        terminal.wait_for("welcome")
        pin, _ = _rarest_pin(stage.service_pids())
        hunter = Hunter(_canaries(stage, pin, _buy(stage, pin)))
        memory, _ = _hunt_everywhere(stage, hunter)
        found = {hit.canary for hit in memory.hits}
        assert found >= {"name", "My Number"}


@pytest.mark.system
def test_the_hunt_finds_a_customer_who_is_still_there(world: World) -> None:
    """While the customer is served the canaries are in memory: the hunter looks at the right places."""
    with _run(world, "honnin") as terminal:
        stage = Stage(world, terminal, _overhear(world))
        terminal.wait_for("welcome")
        world.slot.insert(_card_with_pin(world, "7392"))
        terminal.wait_for("enter_pin")
        terminal.press("7392\n")
        terminal.wait_for("take_card")
        person = resident(WHO)
        memory = Hunter({"name": person.name, "address": person.address.translate(WIDE)}).in_processes(
            stage.service_pids()
        )
        assert {hit.canary for hit in memory.hits} == {"name", "address"}
        world.lift()
        terminal.wait_for("choose_kind")
        terminal.press("x")
        terminal.wait_for("welcome", timeout_s=60)
        memory = Hunter({"name": person.name, "address": person.address.translate(WIDE)}).in_processes(
            stage.service_pids()
        )
        assert memory.hits == ()
