"""What of a scenario a live run cannot play: said before anything is started, never left out in silence."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.plan import START, Plan

_TERMINAL_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
SPEED_MAX: Final = 20.0


class NotPlayableError(ValueError):
    """A scenario that cannot be played live; the text names everything that is in the way, and what to do."""


def demand_playable(plan: Plan, *, pcscd: bool) -> None:
    """Raise ``NotPlayableError`` unless all of ``plan`` can be played; ``pcscd``: this machine can run a private one."""
    found = list(_in_the_way(plan, pcscd))
    if found:
        raise NotPlayableError(f"cannot be played live: {'; '.join(found)} (without --live all of it can be played)")


def _in_the_way(plan: Plan, pcscd: bool) -> Iterator[str]:
    if plan.without:
        named = ", ".join(plan.without)
        yield f"without: {named} - a real service has no way to lose a guard; take the key out"
    if plan.foreign_jobs:
        yield "jobs of another machine on the printer - a live run sends none; take them out"
    if plan.start != START:
        yield f"start: {plan.start.isoformat()} - live it is now; take the key out"
    for each in plan.terminals:
        if not _TERMINAL_ID.fullmatch(each.terminal):
            yield f"terminal {each.terminal!r} - a service's id has 1 to 32 letters, digits and hyphens; rename it"
    for number, fault in enumerate(plan.faults, 1):
        if fault.device == "card_reader" and fault.fault == "held-elsewhere":
            yield f"fault {number}, held-elsewhere - no other program is there to hold the card; take it out"
        if fault.device == "card_reader" and fault.fault == "reader-lost" and not pcscd:
            yield f"fault {number}, reader-lost - it needs a pcscd to stop: run as root with pcscd and vsmartcard-vpcd"
