"""Nobody but a person can tell, or the material is unusable: nothing printed, nothing taken, and the terminal goes on."""

from pathlib import Path

import pytest

from simulator.centre.faults import (
    Backdates,
    CentreFault,
    OmitsOfficialSeal,
    RepeatsOldBundle,
    RespellsApplicant,
    SealsToOtherKey,
    ServesCancelledSeal,
    SignsAsOther,
)
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.fields import Verdict
from tests.terminal_kit import FEE_YEN, RESIDENCE, SEAL, in_order, shopper, terminal, the_end, the_request


def test_a_variant_of_a_character_sends_the_customer_to_the_counter(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.next(RespellsApplicant("渡邊\u3000見本"))
        visit = inline.serve(shopper(inline, "watanabe-1", kind=RESIDENCE))
        assert the_end(visit).reason is EndReason.UNDECIDED
        assert "sorry" in visit.screens
        assert inline.payment.till.taken_yen == 0
        assert inline.tray.deliveries == []
        assert the_request(inline).outcome == "not_delivered"
        assert not visit.of(e.FindingRaised)
        assert inline.situation() is State.IDLE


def test_a_cancelled_seal_is_refused_before_any_money(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline, "cancelled-seal"))
        assert "kind_refused" in visit.screens
        assert not visit.of(e.FeeRequested)
        assert inline.tray.deliveries == []


@pytest.mark.parametrize("claims", ["cancelled", "stale"])
def test_a_cancelled_seal_that_is_served_all_the_same_is_not_printed(tmp_path: Path, claims: str) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.until_cleared(ServesCancelledSeal(claims))  # type: ignore[arg-type]
        visit = inline.serve(shopper(inline, "cancelled-seal", kind=SEAL))
        assert the_end(visit).reason is EndReason.UNDECIDED
        assert inline.payment.till.taken_yen == 0
        assert inline.tray.deliveries == []
        assert inline.situation() is State.IDLE


def test_in_the_journal_different_means_a_finding_and_nothing_less(tmp_path: Path) -> None:
    """Unusable material is journalled as undecided: an auditor must be able to trust the word."""
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.until_cleared(ServesCancelledSeal("cancelled"))
        visit = inline.serve(shopper(inline, "cancelled-seal"))
        verdicts = [entry.verdict for entry in visit.of(e.GateEnded)]  # type: ignore[union-attr]
        assert Verdict.UNDECIDED in verdicts
        assert Verdict.DIFFERENT not in verdicts
        assert not visit.of(e.FindingRaised)


UNOPENABLE = [SignsAsOther("unknown"), SealsToOtherKey(), RepeatsOldBundle()]
UNFIT = [Backdates(24 * 3600.0), OmitsOfficialSeal()]


@pytest.mark.parametrize("fault", UNOPENABLE, ids=lambda fault: type(fault).__name__)
def test_a_bundle_that_cannot_be_opened_or_believed_is_refused_and_not_paid_for(
    tmp_path: Path, fault: CentreFault
) -> None:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline, "takahashi"))
        inline.assembled.model.faults.next(fault)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.UNDECIDED
        assert in_order(visit, e.IssuanceRequested, e.BundleRefused, e.CustomerEnded)
        assert not visit.of(e.FeeRequested)
        assert inline.payment.till.held_yen == FEE_YEN, "the customer before paid"
        assert len(inline.tray.deliveries) == 1
        assert inline.situation() is State.IDLE


@pytest.mark.parametrize("fault", UNFIT, ids=lambda fault: type(fault).__name__)
def test_a_bundle_that_is_not_fit_to_print_is_not_paid_for(tmp_path: Path, fault: CentreFault) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.next(fault)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.UNDECIDED
        assert inline.payment.till.taken_yen == 0
        assert inline.tray.deliveries == []
