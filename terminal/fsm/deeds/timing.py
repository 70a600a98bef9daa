"""Deeds that touch the screen and leave the timer alone."""

from dataclasses import replace
from typing import Any

from terminal.fsm.events import FaultCleared, FaultRaised
from terminal.fsm.memory import MONEY_DEVICES
from terminal.fsm.screens import TELLING_LEVELS, show
from terminal.fsm.work import Work


def warn(work: Work, _event: Any) -> None:
    """The same screen again, saying how long is left; the timer runs on."""
    shown = show(work.state, work.levels, work.session)
    limit = work.config.limits[work.state]
    if shown is not None and limit.warn_after_s is not None:
        work.emit(replace(shown, warning=True, ends_in_s=limit.expire_after_s - limit.warn_after_s))


def show_again(work: Work, _event: Any) -> None:
    """What the screen tells has changed; the timer runs on."""
    shown = show(work.state, work.levels, work.session)
    if shown is not None:
        work.emit(shown)


def show_levels(work: Work, event: FaultRaised | FaultCleared) -> None:
    """What money can be taken has changed, and this screen tells of it."""
    device = event.fault.device if isinstance(event, FaultRaised) else event.device
    if device in MONEY_DEVICES and work.state in TELLING_LEVELS:
        show_again(work, event)
