"""One emulator, whatever its device: the wire, its faults, what a person can do to it, and what its panel shows.

Each serial device's ``emulator.py`` builds an ``Emulation``; ``control_socket.py`` serves it, ``serial_command.py`` runs it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from simulator.devices.fault_orders import WAYS, FaultOrder
from simulator.devices.fault_plan import FaultPlan, PlannedFault
from simulator.devices.line_faults import LineFault
from simulator.devices.pty_wire import PtyWire
from simulator.devices.serial_device import SerialDevice

SPECIMEN: Final = "SPECIMEN 見本"


class ControlRefusedError(ValueError):
    """An order that this emulator does not take; the text says what was expected."""


class Arguments(BaseModel):
    """Base of an action's arguments: nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoArguments(Arguments):
    """Of an action that needs none."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person can do to the device: ``act`` gets the checked ``arguments``; ``ValueError`` from it is the answer."""

    words: str
    act: Callable[[Any], object]
    arguments: type[Arguments] = NoArguments


@dataclass(frozen=True, slots=True)
class Emulation:
    """``faults`` are the device's own kinds, each with what it does in words; ``panel`` is what a look tells (JSON values)."""

    name: str
    device: SerialDevice
    plan: FaultPlan[Any]
    faults: Mapping[StrEnum, str]
    actions: Mapping[str, Action]
    panel: Callable[[], Mapping[str, object]]
    heal: Callable[[], None]
    echo: bool = False
    readdress: Callable[[bytes], bytes] | None = None
    lines: tuple[str, ...] = field(default=())
    """Further lines for the console when it starts: where receipts land, for example."""


def help_of(emulation: Emulation) -> Iterator[str]:
    """Every order this emulator takes, a line each, for ``--help`` and for a refusal."""
    for name, action in emulation.actions.items():
        given = " ".join(f"{field_name}=…" for field_name in action.arguments.model_fields)
        yield f"{name} {given}".rstrip() + f"  {action.words}"
    yield f"add-fault kind=KIND  {WAYS}"
    for kind, words in emulation.faults.items():
        yield f"  {kind.value}: {words}"
    addressed = emulation.readdress is not None
    yield "  " + ", ".join(kind.value for kind in LineFault if addressed or kind is not LineFault.WRONG_ADDRESS)
    yield "heal · unplug · plug · power-cycle · look"


Heard: TypeAlias = Callable[[Mapping[str, object], Mapping[str, object]], None]
"""Told of each order that was carried out: the order, and the panel as it was before."""


def nobody_hears(_order: Mapping[str, object], _before: Mapping[str, object]) -> None:
    """The usual: orders are given, and nobody keeps a log."""


class ControlPanel:
    """Obeys orders (``{"do": NAME, …arguments}``) for one emulation on its wire; ``heard`` is told of each."""

    def __init__(self, emulation: Emulation, wire: PtyWire, heard: Heard = nobody_hears) -> None:
        self._emulation = emulation
        self._wire = wire
        self._heard = heard
        self._shared: Mapping[str, Callable[[], None]] = {
            "heal": self._heal,
            "unplug": wire.unplug,
            "plug": wire.plug,
            "power-cycle": emulation.device.power_cycle,
            "look": lambda: None,
        }

    def obey(self, order: Mapping[str, object]) -> dict[str, object]:
        """Carry ``order`` out and return the panel; raise ``ControlRefusedError``."""
        given = {key: value for key, value in order.items() if key != "do"}
        with self._lock():
            before = self.look() if self._heard is not nobody_hears else {}
            try:
                self._carry_out(str(order.get("do", "")), given)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                where = ".".join(str(part) for part in first["loc"]) or "the order"
                raise ControlRefusedError(f"{where}: {first['msg']}") from None
            except ControlRefusedError:
                raise
            except (ValueError, OSError) as error:
                raise ControlRefusedError(str(error)) from None
            self._heard(order, before)
            return self.look()

    def look(self) -> dict[str, object]:
        """The panel: the device's own values, the cable, and the faults that still wait."""
        waiting = (*self._emulation.plan.waiting, *self._wire.faults.plan.waiting)
        return {
            "specimen": SPECIMEN,
            "device": self._emulation.name,
            "plugged": self._wire.plugged,
            "faults_armed": [f"{fault.kind}: {fault.when}" for fault in waiting],
            **self._emulation.panel(),
        }

    def _lock(self) -> AbstractContextManager[object]:
        return self._wire.lock

    def _carry_out(self, name: str, given: dict[str, object]) -> None:
        if name == "add-fault":
            self._add_fault(FaultOrder.model_validate(given))
        elif name in self._shared:
            NoArguments.model_validate(given)
            self._shared[name]()
        elif name in self._emulation.actions:
            action = self._emulation.actions[name]
            action.act(action.arguments.model_validate(given))
        else:
            known = "; ".join(line.strip() for line in help_of(self._emulation))
            raise ControlRefusedError(f"expected one of the orders of {self._emulation.name}, came {name!r}: {known}")

    def _add_fault(self, order: FaultOrder) -> None:
        for kind in self._emulation.faults:
            if kind.value == order.kind:
                self._emulation.plan.add(PlannedFault(kind, order.when()))
                return
        if order.kind not in LineFault._value2member_map_:
            known = ", ".join([*(kind.value for kind in self._emulation.faults), *(kind.value for kind in LineFault)])
            raise ControlRefusedError(f"expected a fault of {self._emulation.name} ({known}), came {order.kind!r}")
        self._wire.faults.add(PlannedFault(LineFault(order.kind), order.when()))

    def _heal(self) -> None:
        self._emulation.plan.clear()
        self._wire.faults.heal()
        self._emulation.heal()
        self._wire.plug()
