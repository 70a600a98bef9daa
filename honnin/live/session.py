"""A session at a terminal's console with somebody at the keyboard, watched so that it can be written as a scenario.

They type at their own terminal; cards, coins and faults come over the control channels, from other shells. A card that is laid
down while nobody is served is somebody who has come; when the terminal is ready again they have gone.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from honnin.live.desk import Desk, kind_in, profile_in, serving
from honnin.live.frames import KeyReader
from honnin.live.hub import Hub
from honnin.live.log import OrderLog
from honnin.live.place import LiveTerminal
from honnin.live.playing import LiveStage, look_into, open_stage
from honnin.live.visits import RECORDING_ENDED
from simulator import seen as s
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.payment.model import PaymentFault
from simulator.history import At
from simulator.home import Home
from simulator.plan import Device, DeviceFault, Plan
from simulator.world import World as Ground
from terminal.clock import SystemClock
from terminal.devices.screen.api import DigitsEntered, OkPressed, View
from terminal.presenting import texts

_TAKING: Final = ("take_sheets", "take_incomplete_sheets")
_READER_FAULTS: Final = ("card-hangs", "card-torn", "reader-lost")
_LINE_FAULTS: Final = ("cut", "slow")


@dataclass(slots=True)
class Keyboard:
    """Where the person's keys come from, and where they read."""

    keys: int = 0
    glass: int = 1


class Session:
    """One recorded session of one terminal."""

    def __init__(self, stage: LiveStage, place: LiveTerminal, keyboard: Keyboard) -> None:
        self._stage = stage
        self._place = place
        self._keyboard = keyboard
        self._meant = KeyReader()
        self._numbers = count(1)
        self._served_before = 0
        self._warned = ""
        self.ended = False

    def attend(self) -> None:
        """From now on what is drawn goes to the person's glass, and their keys go to the service."""
        self._place.on_home = self._home
        self._place.on_frame = self._looked
        self._place.on_output = lambda part: os.write(self._keyboard.glass, part)
        self._stage.hub.keyboards[self._keyboard.keys] = self._typed
        os.write(self._keyboard.glass, self._place.drawn)

    def _typed(self) -> None:
        keys = os.read(self._keyboard.keys, 64)
        if not keys:
            self.ended = True
            return
        for key in keys.decode("latin-1"):
            if self._place.glass.views:
                self._mean(key, self._place.glass.views[-1])
        self._place.typist.press(keys.decode("latin-1"))

    def _mean(self, key: str, view: View) -> None:
        pressed = self._meant.pressed(key, view)
        if pressed is None:
            return
        observer = self._place.observer
        self._warned = ""
        if isinstance(pressed, DigitsEntered):
            observer.pin_typed()
        observer.on_pressed(view, pressed)
        if isinstance(pressed, OkPressed) and view.screen in _TAKING:
            self._place.take_sheets()

    def _looked(self, view: View) -> None:
        """Asked whether they are still there, and gone on to another screen without them: they have walked away."""
        if self._warned and view.screen != self._warned:
            self._warned = ""
            self._place.observer.left("walked away")
        elif texts.STILL_HERE.ja in view.warning:
            self._warned = view.screen

    def _home(self) -> None:
        """The terminal is ready again, or out of service: whoever was served has gone."""
        observer = self._place.observer
        if observer.person == 0:
            return
        self._place.see_slips()
        served = observer.deliveries > self._served_before
        observer.left("served" if served else "sent away")

    # --- what comes over the control channels, on their threads

    def desks(self) -> Mapping[str, Desk]:
        """The channels of card, tray, payment and line."""
        hear, place = self._stage.hub.hear, self._place
        none: Mapping[str, object] = {}
        return {
            "card": Desk(
                "card",
                {
                    "lay": lambda given: hear(_with(self._lay, profile_in(given))),
                    "lift": lambda _: hear(self._lift),
                    "add-fault": lambda given: self._arm("card_reader", kind_in(given, _READER_FAULTS)),
                },
                lambda: {"card": place.world.slot.card.name if place.world.slot.card is not None else ""},
            ),
            "tray": Desk("tray", {"take": lambda _: hear(place.take_sheets)}, lambda: {"jobs": len(place.deliveries)}),
            "payment": Desk(
                "payment",
                {"add-fault": lambda given: self._arm("payment", kind_in(given, tuple(PaymentFault)))},
                lambda: none,
            ),
            "line": Desk(
                "line", {"add-fault": lambda given: self._arm("line", kind_in(given, _LINE_FAULTS))}, lambda: none
            ),
        }

    def _arm(self, device: Device, kind: str) -> None:
        fault = DeviceFault(0.0, device, kind, terminal=self._place.fitting.terminal_id)

        def deed() -> None:
            seen = s.FaultArmed(fault.terminal, fault.device, fault.fault, str(fault.when))
            self._stage.hub.ground.history.see(seen)
            self._stage.faults[fault.terminal].arm(fault)

        self._stage.hub.hear(deed)

    def _lay(self, profile: str) -> None:
        observer, place, self._warned = self._place.observer, self._place, ""
        if observer.person == 0 and not place.in_session and place.open_to_visitors:
            self._served_before = observer.deliveries
            observer.came(next(self._numbers), PROFILES[profile].resident.key)
        place.lay_card(profile)

    def _lift(self) -> None:
        self._warned = ""
        self._place.lift_card()

    def ordered(self, device: str, order: Mapping[str, object], before: Mapping[str, object]) -> None:
        """An order to an emulator: what money it moved is seen."""
        observer, self._warned = self._place.observer, ""
        match (device, order.get("do")):
            case ("coins", "insert"):
                observer.money_in(_yen(order.get("coin_yen")))
            case ("notes", "insert"):
                observer.money_in(_yen(order.get("note_yen")))
            case ("coins", "take"):
                observer.money_out(_yen(before.get("tray_yen")))
            case ("notes", "take"):
                observer.money_out(_yen(before.get("mouth_yen")))
            case (_, "add-fault"):
                seen = s.FaultArmed(self._place.fitting.terminal_id, device, str(order.get("kind")))
                self._stage.hub.ground.history.see(seen)
            case _:
                pass


def record(
    plan: Plan,
    home: Home,
    folder: Path,
    log: OrderLog,
    *,
    keyboard: Keyboard | None = None,
    ready: Callable[[Path], None] = lambda links: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[At]:
    """Let somebody use the terminal of ``plan`` (which has nobody coming) until ``stopped`` or its service ends; the history.

    ``ready`` is told the folder of the control channels. Keys and orders are in ``log``.
    """
    ground = Ground(SystemClock().wall(), plan.seed)
    stage = LiveStage(plan, home, folder, Hub(ground, 1.0, lambda lines: None), 1.0, log=log)
    with ExitStack() as stack:
        try:
            stack.enter_context(open_stage(stage))
            (place,) = stage.places.values()
            place.may_end = True
            session = Session(stage, place, keyboard or Keyboard())
            stage.listeners.append(session.ordered)
            links = place.world.directory / "dev"
            serving(stack, links, session.desks())
            ready(links)
            session.attend()
            stage.hub.run_until(lambda: stopped() or session.ended or place.typist.ended)
            if place.observer.person:
                place.observer.left(RECORDING_ENDED)
            place.see_slips()
            stack.close()
            look_into(stage)
        except Exception as error:  # what was seen so far is still worth a file
            print(f"honnin: {type(error).__name__}: {error}", file=sys.stderr)
            ground.history.see(s.RunEnded(complete=False, why=f"{type(error).__name__}: {error}"))
        else:
            ground.history.see(s.RunEnded())
    return ground.history.take()


def _with(deed: Callable[[str], None], value: str) -> Callable[[], None]:
    return lambda: deed(value)


def _yen(value: object) -> int:
    return value if isinstance(value, int) else 0
