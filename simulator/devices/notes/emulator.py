"""The emulated note validator, put together: on a pty for ``honnin sim notes``, or in process with the real driver."""

from collections.abc import Callable, Mapping
from typing import Literal

from simulator.devices.emulation import SPECIMEN, Action, Arguments, Emulation
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.line_faults import LineFaults
from simulator.devices.notes.faults import WORDS, NotesFault
from simulator.devices.notes.model import CAPACITY_NOTES, NOTES_YEN, NoteValidatorModel
from simulator.devices.notes.wire import VERSION, NoteValidatorWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import Clock
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.notes.timing import Id003Profile

NAME = "note validator"


class NoteOrder(Arguments):
    """Which note is put in."""

    note_yen: Literal[1000, 2000, 5000, 10000]


class JamOrder(Arguments):
    """Where it sticks."""

    where: Literal["acceptor", "stacker"] = "acceptor"


def build(clock: Clock, seed: int = 0, *, capacity_notes: int = CAPACITY_NOTES) -> Emulation:
    """An emulation; nothing in it is random (``seed``)."""
    return emulation_of(NoteValidatorModel(clock, capacity_notes=capacity_notes))


def emulation_of(model: NoteValidatorModel) -> Emulation:
    """The emulation around a model that somebody else looks at, too."""

    def insert(order: NoteOrder) -> None:
        if not model.insert(order.note_yen):
            raise ValueError(f"the mouth does not draw the note in: {model.status().name}, mouth {model.mouth_yen}")

    def take(_: Arguments) -> None:
        if model.take() is None:
            raise ValueError("no note is at the mouth")

    def jam(order: JamOrder) -> None:
        model.work()
        model.jammed_acceptor = model.jammed_acceptor or order.where == "acceptor"
        model.jammed_stacker = model.jammed_stacker or order.where == "stacker"

    def set_stacker(is_open: bool) -> None:
        model.work()
        model.stacker_open = is_open

    actions = {
        "insert": Action("put a note in", insert, NoteOrder),
        "take": Action("take the note at the mouth", take),
        "open-stacker": Action("pull the stacker out", lambda _: set_stacker(True)),
        "close-stacker": Action("push the stacker in", lambda _: set_stacker(False)),
        "empty-stacker": Action("take the notes out of the stacker", lambda _: model.empty_stacker()),
        "jam": Action("something sticks (where: acceptor or stacker)", jam, JamOrder),
        "unjam": Action("free what sticks", lambda _: model.unjam()),
    }
    return Emulation(
        NAME,
        NoteValidatorWire(model),
        model.plan,
        WORDS,
        actions,
        lambda: panel_of(model),
        model.heal,
        lines=(f"{SPECIMEN} its version on the line: {VERSION.decode()}",),
    )


def panel_of(model: NoteValidatorModel) -> Mapping[str, object]:
    """What a look at the validator tells."""
    return {
        "state": model.status().name,
        "stacker_notes": len(model.stacker_yen),
        "stacker_yen": sum(model.stacker_yen),
        "escrow_yen": model.escrow_yen or 0,
        "path_yen": model.path_yen or 0,
        "mouth_yen": model.mouth_yen or 0,
        "stacker": "open" if model.stacker_open else "closed",
        "vends_acknowledged": model.vends_acknowledged,
    }


def loop_notes(
    clock: Clock,
    wait: Callable[[float], None],
    *,
    plan: FaultPlan[NotesFault] | None = None,
    faults: LineFaults | None = None,
    accepts_yen: frozenset[int] = frozenset(NOTES_YEN),
    profile: Id003Profile | None = None,
    blocks_service: bool = True,
    held_at_mouth: bool = True,
) -> tuple[Id003Notes, NoteValidatorModel, LoopLine]:
    """The real driver in process with the model: (driver, model, line); the validator has just been switched on."""
    model = NoteValidatorModel(clock, plan, held_at_mouth=held_at_mouth)
    line = LoopLine(NoteValidatorWire(model), clock, wait, faults)
    driver = Id003Notes(line, clock, wait, accepts_yen, profile or Id003Profile(), blocks_service=blocks_service)
    return driver, model, line
