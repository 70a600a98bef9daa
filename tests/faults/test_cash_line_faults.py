"""Every fault of a serial line, on each money line, while somebody pays: the purchase ends, nothing is lost or counted twice.

After healing the terminal comes back to idle in bounded (virtual) time (P4, P7). Hypothesis prints the case that fails.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.devices.fault_plan import After, Next, PlannedFault, Ratio, UntilCleared, When
from simulator.devices.line_faults import LineFault
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import CANCEL, OK, Do
from terminal.fsm.states import State
from tests.cash_kit import (
    COINS,
    NOTES,
    RECEIPTS,
    CashTerminal,
    cash_terminal,
    changes_mind,
    heal,
    insert,
    payer,
    pays,
    short_yen,
    until_idle,
)
from tests.terminal_kit import FEE_YEN, the_end

LINES = {"coins": COINS, "notes": NOTES, "receipts": RECEIPTS}
MONEY_YEN = ((100, 100), (500,), (1000,), (50, 100, 50), (100, 1000))
CASES = [
    (line, fault) for line in LINES for fault in LineFault if line == "coins" or fault is not LineFault.WRONG_ADDRESS
]
"""Only ccTalk has addresses."""


@dataclass(frozen=True, slots=True)
class Case:
    """What goes wrong, when, and what the customer does."""

    line: str
    fault: LineFault
    when: When
    after_s: float
    money_yen: tuple[int, ...]
    ending: str


def whens() -> st.SearchStrategy[When]:
    ratios = st.builds(Ratio, st.sampled_from((0.02, 0.1, 0.3)), st.integers(0, 1000))
    return st.one_of(st.just(Next()), st.builds(After, st.integers(0, 120)), ratios, st.just(UntilCleared()))


def cases() -> st.SearchStrategy[Case]:
    return st.sampled_from(CASES).flatmap(
        lambda at: st.builds(
            Case,
            st.just(at[0]),
            st.just(at[1]),
            whens(),
            st.floats(0, 7, allow_nan=False),
            st.sampled_from(MONEY_YEN),
            st.sampled_from(("pays", "cancels", "print fails")),
        )
    )


def live_through(inline: CashTerminal, case: Case) -> None:
    """One customer under the fault, then everything is healed, and one more customer."""
    cable = inline.world.cables[LINES[case.line]]
    if case.ending == "print fails":
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))

    def strike() -> None:
        inline.loop.wait(case.after_s)
        cable.faults.add(PlannedFault(case.fault, case.when))

    then = changes_mind() if case.ending == "cancels" else ()
    rules = pays(inline, *case.money_yen, then=then)
    visit = inline.serve({**rules, "pay": ((Do(lambda: inline.loop.spawn(strike)), *rules["pay"][0]),)})
    assert visit.ended is not None
    heal(inline)
    inline.printer.plan.clear()
    inline.staff("settle", device="payment")
    until_idle(inline)
    assert inline.books.account is None
    assert inline.books.unknown_coins == 0
    owed_yen = sum(claim.amount_yen for claim in inline.books.claims)
    kept_yen = FEE_YEN if the_end(visit).delivered else 0
    assert inline.books.totals.kept_yen == kept_yen or (kept_yen and owed_yen), (
        "a delivered sheet may be paid by nobody"
    )
    assert short_yen(inline) == inline.books.totals.kept_yen + owed_yen - inline.books.totals.overpaid_yen
    assert the_end(inline.serve(pays(inline, 100, 100))).delivered
    assert inline.situation() is State.IDLE


@pytest.mark.parametrize(("line", "fault"), CASES)
def test_each_fault_from_the_first_coin_until_it_is_healed(tmp_path: Path, line: str, fault: LineFault) -> None:
    with cash_terminal(tmp_path) as inline:
        live_through(inline, Case(line, fault, UntilCleared(), 1.1, (100, 1000), "pays"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_any_fault_at_any_moment_of_any_purchase(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder, cash_terminal(Path(folder)) as inline:
        live_through(inline, case)


def test_a_note_goes_back_while_the_coins_are_silent(tmp_path: Path) -> None:
    """Its change, and its refund, could only come from hoppers that do not answer."""
    with cash_terminal(tmp_path) as inline:
        line = inline.world.cables[COINS]
        steps = (1.0, lambda: insert(inline, 1000)), (0.3, line.unplug)
        inline.serve({**payer(inline, *steps), "confirm": (OK, CANCEL)})
        assert inline.world.notes.stacker_yen == []
        assert inline.world.notes.taken_yen == [1000]
        line.plug()
