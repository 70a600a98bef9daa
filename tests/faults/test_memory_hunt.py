"""Promise P2, hunted: no byte of a customer is left in the memory of the service, its files, or the printer's jobs.

The terminal runs as in a store, on pcscd, IPP and HTTPS; the paper itself is taken away as a customer takes it.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from honnin.demo.world import World
from simulator.bench.hunted import (
    WHO,
    WIDE,
    Stage,
    buy,
    canaries,
    card_with_pin,
    hunt_everywhere,
    overhear,
    pin_in_a_buffer,
    rarest_pin,
    run_service,
)
from simulator.checkers.memory_hunt import Hunter
from simulator.people.residents import resident
from tests import form_kit
from tests.emulated_card_kit import shared_home
from tests.system import require


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    require("pcscd")
    with World(tmp_path / "world", shared_home()) as world:
        yield world


def _strangers_sheet() -> bytes:
    return form_kit.draw(form_kit.residence("same-name-1")).pdf


@pytest.mark.system
def test_nothing_of_a_customer_is_left_anywhere(world: World) -> None:
    with run_service(world) as terminal:
        stage = Stage(world, terminal, overhear(world))
        terminal.wait_for("welcome")
        pin, by_chance = rarest_pin(stage.service_pids())
        hunter = Hunter(canaries(stage, pin, buy(stage, pin), _strangers_sheet()))
        assert len(stage.service_pids()) >= 2, "expected the supervisor and the next customer's process"
        memory, files = hunt_everywhere(stage, hunter)
        assert memory.bytes_read > 20_000_000
        assert files.bytes_read > 10_000
        assert memory.hits == ()
        assert files.hits == ()
        assert len(Hunter({"PIN": pin_in_a_buffer(pin)}).in_processes(stage.service_pids()).hits) <= by_chance
        state = httpx.get(f"{world.printer.url}/state").json()
        assert (state["jobs_waiting"], state["jobs_in_history"]) == (0, 0)


@pytest.mark.system
def test_the_hunt_finds_what_a_polite_return_leaves_behind(tmp_path: Path) -> None:
    require("pcscd")
    # Without serial devices: a process that lives on would keep their ports, and no reset would be proved.
    with World(tmp_path / "world", shared_home(), serial=False) as world:
        _hunt_after_a_polite_return(world)


def _hunt_after_a_polite_return(world: World) -> None:
    with run_service(world, "tests.polite_terminal") as terminal:
        stage = Stage(world, terminal, overhear(world))
        terminal.wait_for("welcome")
        pin, _ = rarest_pin(stage.service_pids())
        hunter = Hunter(canaries(stage, pin, buy(stage, pin), _strangers_sheet()))
        memory, _ = hunt_everywhere(stage, hunter)
        found = {hit.canary for hit in memory.hits}
        assert found >= {"name", "My Number"}


@pytest.mark.system
def test_the_hunt_finds_a_customer_who_is_still_there(world: World) -> None:
    """While the customer is served the canaries are in memory: the hunter looks at the right places."""
    with run_service(world) as terminal:
        stage = Stage(world, terminal, overhear(world))
        terminal.wait_for("welcome")
        world.slot.insert(card_with_pin(world, "7392"))
        terminal.wait_for("enter_pin")
        world.type_pin(terminal, "7392")
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
