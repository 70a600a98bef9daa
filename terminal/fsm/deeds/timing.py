"""Deeds that touch the screen and leave the timer alone."""

from dataclasses import replace
from typing import Any

from terminal.fsm.screens import show
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
