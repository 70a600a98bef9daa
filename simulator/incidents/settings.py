"""What the plans of the accidents have in common: terminals, people who want something, and how a plan is put together."""

from typing import Any, Final

from printer_templates.records import CertificateKind, Scope
from simulator.centre.issuing.setup import ServerSetup
from simulator.people.visitor import Habit, Visitor, Wish
from simulator.plan import Arrival, Plan, StaffPlan, TerminalPlan
from terminal.centre.messages import BundleMode

CITY: Final = "99101"
ONE: Final = "SPECIMEN-1"
TWO: Final = "SPECIMEN-2"
FAMILY: Final = Wish(CertificateKind.RESIDENCE_CERTIFICATE, Scope.HOUSEHOLD)
SELF: Final = Wish(CertificateKind.RESIDENCE_CERTIFICATE, Scope.SELF)
SEAL: Final = Wish(CertificateKind.SEAL_CERTIFICATE)
STAFF: Final = StaffPlan(tidy_after_s=60.0, release_after_s=120.0)
AFTERWARDS: Final = "outsider"
"""Somebody of another municipality, whose server is sound: comes when all is over, and must be served as if nothing had been."""
_PATIENCE_S: Final = 900.0


def comes(at_s: float, resident: str, wish: Wish = FAMILY, terminal: str = ONE, *habits: Habit) -> Arrival:
    """``resident`` comes to ``terminal``."""
    return Arrival(at_s, Visitor(resident, wish, habits=habits), terminal)


def plan(
    name: str,
    *arrivals: Arrival,
    server: ServerSetup | None = None,
    documents: bool = False,
    terminals: tuple[TerminalPlan, ...] | None = None,
    next_at_s: float = 600.0,
    heal_at_s: float = 900.0,
    **more: Any,
) -> Plan:
    """A plan with ``server`` for 架空市 and a terminal for each that somebody comes to.

    At ``next_at_s`` somebody whom none of it concerns comes to ``ONE``: a terminal that refused must go on serving.
    """
    ids = tuple(dict.fromkeys(arrival.terminal for arrival in arrivals))
    visitor = Visitor(AFTERWARDS, SEAL, patience_s=_PATIENCE_S)
    return Plan(
        name=name,
        terminals=terminals or tuple(TerminalPlan(each) for each in ids),
        servers={CITY: server} if server is not None else {},
        modes={CITY: BundleMode.DOCUMENT} if documents else {},
        arrivals=(*arrivals, Arrival(next_at_s, visitor, ONE)),
        staff=STAFF,
        heal_at_s=heal_at_s,
        **more,
    )
