"""What QA and tests do to the emulated printer from outside: closed commands, as JSON at ``POST /control``, and its state."""

from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import BaseModel, ConfigDict, Field

from simulator.devices.fault_orders import FaultOrder
from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.model import PrinterModel


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LoadPaper(_Command):
    """Set the sheets in the tray (0 empties it)."""

    do: Literal["load-paper"]
    sheets: int = Field(ge=0, le=10_000)


class SetToner(_Command):
    """Set the page sides that the toner is good for (0: empty; at most 50: low)."""

    do: Literal["set-toner"]
    sides: int = Field(ge=0, le=1_000_000)


class SetDoor(_Command):
    """Open or close the door."""

    do: Literal["set-door"]
    open: bool


class SetJam(_Command):
    """Jam the paper path or clear it."""

    do: Literal["set-jam"]
    jammed: bool


class SetPause(_Command):
    """Press pause or resume on the printer's panel."""

    do: Literal["set-pause"]
    paused: bool


class SetPower(_Command):
    """Cut the power (connections drop, jobs are lost) or bring it back; the control endpoint itself stays reachable."""

    do: Literal["set-power"]
    on: bool


class AddFault(FaultOrder):
    """Arm a fault; exactly one of the ways to say when, else at the next occasion."""

    do: Literal["add-fault"]
    kind: FaultKind

    def fault(self) -> PlannedFault[FaultKind]:
        """Return the typed fault; raise ``ValueError`` when two ways to say when are given."""
        return PlannedFault(self.kind, self.when())


class Heal(_Command):
    """Disarm all faults and bring every level back to normal."""

    do: Literal["heal"]


Command: TypeAlias = Annotated[
    LoadPaper | SetToner | SetDoor | SetJam | SetPause | SetPower | AddFault | Heal, Field(discriminator="do")
]


class Panel(BaseModel):
    """The printer as its panel shows it."""

    specimen: Literal["SPECIMEN 見本"] = "SPECIMEN 見本"
    state: str
    reasons: tuple[str, ...]
    powered: bool
    paper_sheets: int
    toner_sides: int
    door_open: bool
    jammed: bool
    paused: bool
    jobs_waiting: int
    jobs_in_history: int
    faults_armed: tuple[str, ...]


def obey(model: PrinterModel, command: Command) -> None:
    """Carry ``command`` out; raise ``ValueError`` for one that contradicts itself."""
    match command:
        case AddFault():
            model.plan.add(command.fault())
        case Heal():
            model.heal()
        case _:
            _turn(model, command)


def _turn(model: PrinterModel, command: LoadPaper | SetToner | SetDoor | SetJam | SetPause | SetPower) -> None:
    with model.panel() as engine:
        match command:
            case LoadPaper(sheets=sheets):
                engine.paper_sheets = sheets
            case SetToner(sides=sides):
                engine.toner_sides = sides
            case SetDoor(open=opened):
                engine.door_open = opened
            case SetJam(jammed=jammed):
                engine.jammed = jammed
            case SetPause(paused=paused):
                engine.paused = paused
            case SetPower(on=powered):
                engine.powered = powered
            case never:
                assert_never(never)


def look(model: PrinterModel) -> Panel:
    """Read the panel."""
    with model.panel() as engine:
        return Panel(
            state=model.state().name.lower(),
            reasons=model.reasons(),
            powered=engine.powered,
            paper_sheets=engine.paper_sheets,
            toner_sides=engine.toner_sides,
            door_open=engine.door_open,
            jammed=engine.jammed,
            paused=engine.paused,
            jobs_waiting=len(model.jobs(ended=False)),
            jobs_in_history=len(model.jobs(ended=True)),
            faults_armed=tuple(f"{fault.kind}: {fault.when}" for fault in model.plan.waiting),
        )
