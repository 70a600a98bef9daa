"""A live run's history, keys and orders as a scenario: who came when, what they wished and how they behaved, what went wrong.

What a scenario cannot say comes out as notes, in words, so that nothing is left out in silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from honnin.live.log import OrderLog, Press
from honnin.live.visits import RECORDING_ENDED, Visit, visits_of
from honnin.live.wishes import wish_of
from simulator.checkers.registry import check_all
from simulator.checkers.verdict import Truth
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.fault_orders import FaultOrder
from simulator.devices.fault_plan import When, Window
from simulator.history import At
from simulator.people import visitor as v
from simulator.plan import Arrival, DeviceFault, Plan
from simulator.scenarios.expecting import outcome_of
from simulator.scenarios.form import ExpectForm
from simulator.seen import FaultArmed, PhaseBegan, Seen
from simulator.shop import STEP_UP_S

_NO_NEWS: Final = frozenset({"insert", "take", "press", "lay", "lift"})
"""Orders that the history tells itself."""
_UNLOGGED: Final = ("card_reader", "payment", "line")
"""Devices whose faults are ordered elsewhere than over a serial emulator's or the printer's control channel."""
_TAKING_BACK: Final = ("take_card", "take_card_back")
_USUAL_CANCEL: Final = "kind_refused"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The scenario, and what of the session it does not hold."""

    plan: Plan
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Writing:
    terminal_cash: dict[str, bool]
    notes: list[str] = field(default_factory=list)


def scenario_of(history: Iterable[At], log: OrderLog, like: Plan, *, speed: float = 1.0) -> Recorded:
    """What happened as a plan. ``like`` says what is not seen from outside: servers, registers' changes, staff, when all heals.

    ``speed`` is the run's.
    """
    lines = list(history)
    writing = _Writing({each.terminal: bool(each.cash) for each in like.terminals})
    healed_s = next((line.at_s for line in lines if _is_liveness(line.seen)), float("inf"))
    arrivals = [_arrival(visit, log, writing) for visit in visits_of(lines, log.presses)]
    faults = [
        *_ordered_faults(log, speed, healed_s, writing),
        *(
            DeviceFault(_rounded(line.at_s), line.seen.target, line.seen.fault, terminal=line.seen.terminal)  # type: ignore[arg-type]
            for line in lines
            if isinstance(line.seen, FaultArmed) and line.seen.target in _UNLOGGED
        ),
    ]
    plan = replace(
        like,
        arrivals=tuple(arrivals),
        faults=tuple(sorted(faults, key=lambda fault: fault.at_s)),
    )
    return Recorded(plan, tuple(writing.notes))


def expected_of(history: Iterable[At]) -> ExpectForm:
    """What came of it, as what must come of it again: hands, codes, and every promise that was judged."""
    lines = list(history)
    verdicts = check_all(lines)
    judged = {name: each.truth for name, each in verdicts.items() if each.truth is not Truth.UNKNOWN}
    return outcome_of(lines).model_copy(update={"promises": {name: truth.value for name, truth in judged.items()}})


def _arrival(visit: Visit, log: OrderLog, writing: _Writing) -> Arrival:
    profile = PROFILES.get(visit.profile)
    known = v.Visitor(visit.resident)
    presses = visit.presses
    visitor = v.Visitor(
        resident=visit.resident,
        wish=wish_of(presses),
        card=visit.profile if visit.profile not in ("", visit.resident) else "",
        pin=profile.pin if profile is not None else known.pin,
        text_pin=profile.text_pin if profile is not None and profile.text_pin != profile.pin else "",
        reads_s=visit.reads_s if visit.reads_s is not None else known.reads_s,
        pays_yen=tuple(visit.paid_yen) if writing.terminal_cash.get(visit.terminal) else (),
        habits=tuple(_habits(visit, writing)),
        patience_s=visit.patience_s if visit.patience_s is not None else known.patience_s,
    )
    return Arrival(_rounded(visit.came_s - (STEP_UP_S if visit.stepped_up else 0.0)), visitor, visit.terminal)


def _habits(visit: Visit, writing: _Writing) -> Iterable[v.Habit]:
    if visit.took_others_sheets:
        yield v.TakesWhatLiesThere()
    if visit.stepped_up and visit.pressed_on:
        yield v.GoesOn(lays_card=bool(visit.profile))
    if visit.wrong_pins:
        yield v.Mistypes(visit.wrong_pins)
    if visit.wrong_text_pins > visit.wrong_pins:
        writing.notes.append(f"{_who(visit)}: {visit.wrong_text_pins} wrong PINs of the text application alone")
    for screen, after_s in visit.lifts:
        if screen not in _TAKING_BACK:
            yield v.LiftsCard(screen, _rounded(after_s))
    for screen, resident in visit.other_cards:
        yield v.LaysOtherCard(screen, resident)
    yield from _steps_back(visit.presses)
    yield from _endings(visit, writing)


def _steps_back(presses: Sequence[Press]) -> Iterable[v.Habit]:
    back = [press.screen for press in presses if press.what == "back" and not press.chosen]
    for screen in dict.fromkeys(back):
        yield v.StepsBack(screen, back.count(screen))


def _endings(visit: Visit, writing: _Writing) -> Iterable[v.Habit]:
    cancel = next((press for press in visit.presses if press.what == "cancel" and not press.chosen), None)
    if cancel is not None and cancel.screen != _USUAL_CANCEL:
        after_s = _rounded(cancel.at_s - visit.last_deed_on(cancel))
        yield v.Cancels(cancel.screen, after_s, max(1, visit.showings_of(cancel.screen, cancel.at_s)))
    if visit.left == RECORDING_ENDED:
        writing.notes.append(f"{_who(visit)} was being served when the recording ended: written as walking away")
    if visit.walked_away_at:
        yield v.WalksAway(visit.walked_away_at)
        return
    if visit.profile and not visit.lifted and visit.left:
        yield v.ForgetsCard()
    if visit.forgot_sheets:
        yield v.ForgetsSheets()


def _is_liveness(seen: Seen) -> bool:
    return isinstance(seen, PhaseBegan) and seen.phase == "liveness"


def _ordered_faults(log: OrderLog, speed: float, healed_s: float, writing: _Writing) -> Iterable[DeviceFault]:
    for each in log.orders:
        arguments = {key: value for key, value in each.order.items() if key != "do" and value is not None}
        match each.order.get("do"):
            case "add-fault":
                order = FaultOrder.model_validate(arguments)
                when = _since_run(order.when(), log.device_age_s, speed)
                yield DeviceFault(_rounded(each.at_s), each.device, order.kind, when, each.terminal)  # type: ignore[arg-type]
            case "heal" if each.at_s >= healed_s:
                pass  # the run's own, which every scenario has
            case str(do) if do not in _NO_NEWS:
                said = " ".join((do, *(f"{key}={value}" for key, value in arguments.items())))
                writing.notes.append(f"at {each.at_s:.1f} s, {each.device}: {said}")
            case _:
                pass


def _since_run(when: When, age_s: float, speed: float) -> When:
    """A window counts from the device's making; a scenario's from the run's start."""
    if not isinstance(when, Window):
        return when
    return Window(_rounded(max(0.0, (when.from_s - age_s) * speed)), _rounded((when.until_s - age_s) * speed))


def _who(visit: Visit) -> str:
    return f"person {visit.person} ({visit.resident})"


def _rounded(at_s: float) -> float:
    return round(max(0.0, at_s), 1)
