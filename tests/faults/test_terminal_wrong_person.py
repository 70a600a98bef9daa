"""The server hands over the customer's before: nothing printed, nothing taken, finding sealed, terminal stopped (P6)."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe
from joserfc.errors import JoseError

from printer_templates.records import Scope
from simulator.centre.faults import HandsOverPreviousSheet, WrongPageOf
from simulator.people.residents import resident
from simulator.people.script import Do
from simulator.terminal_inline import InlineTerminal, NotServingError, Visit
from terminal.centre.sealing import jwe_registry
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, RESIDENCE, in_order, requested, shopper, terminal, the_end

CASES = [
    ("adult", "head", HandsOverPreviousSheet()),
    ("adult", "takahashi", HandsOverPreviousSheet(applicant_too=True)),
    ("outsider", "outsider-2", HandsOverPreviousSheet()),
    ("outsider", "outsider-2", HandsOverPreviousSheet(record_too=False)),
]
NAMES = ["record", "record and applicant", "document and record", "document only"]


def struck(inline: InlineTerminal, before: str, victim: str, fault: HandsOverPreviousSheet) -> Visit:
    inline.serve(shopper(inline, before, kind=RESIDENCE))
    inline.assembled.model.faults.next(fault)
    return inline.serve(shopper(inline, victim, kind=RESIDENCE))


def opened(inline: InlineTerminal, sealed: str, municipality: str) -> dict[str, Any]:
    """What the municipality reads with its own key."""
    key = inline.assembled.pki.municipal[municipality].encryption
    content = jwe.decrypt_compact(sealed, key, registry=jwe_registry()).plaintext
    assert content is not None
    found: dict[str, Any] = json.loads(content)
    return found


@pytest.mark.parametrize(("before", "victim", "fault"), CASES, ids=NAMES)
def test_nothing_is_printed_and_no_money_is_taken(
    tmp_path: Path, before: str, victim: str, fault: HandsOverPreviousSheet
) -> None:
    with terminal(tmp_path) as inline:
        visit = struck(inline, before, victim, fault)
        assert the_end(visit).reason is EndReason.FINDING
        assert not the_end(visit).delivered
        assert not visit.of(e.PrintStarted)
        assert len(inline.tray.deliveries) == 1, "only the customer before has paper"
        assert inline.payment.till.taken_yen == inline.payment.till.kept_yen > 0, "only the customer before has paid"
        assert not visit.of(e.FeeRequested)
        assert in_order(visit, e.GateEnded, e.FindingRaised, e.CustomerEnded, e.ResetProved)
        assert sorted(str(request.outcome) for request in requested(inline)) == ["delivered", "not_delivered"]
        inline.release("SHOP-07")


@pytest.mark.parametrize(("before", "victim", "fault"), CASES, ids=NAMES)
def test_the_finding_can_be_read_by_the_municipality_and_nobody_else(
    tmp_path: Path, before: str, victim: str, fault: HandsOverPreviousSheet
) -> None:
    with terminal(tmp_path) as inline:
        visit = struck(inline, before, victim, fault)
        (raised,) = visit.of(e.FindingRaised)
        assert isinstance(raised, e.FindingRaised)
        municipality = resident(victim).municipality_code
        sealed = (tmp_path / "findings" / f"{raised.finding}.jwe").read_text(encoding="ascii")
        evidence = opened(inline, sealed, municipality)
        assert evidence["finding_id"] == raised.finding
        assert evidence["code"] == raised.code
        assert any(found["verdict"] == "different" for found in evidence["findings"])
        assert evidence["bundle_jws"].count(".") == 2
        assert inline.assembled.model.requests.findings(municipality) == (sealed,)
        other = "99102" if municipality == "99101" else "99101"
        with pytest.raises(JoseError):
            opened(inline, sealed, other)
        inline.release("SHOP-07")


def test_the_next_customer_is_served_only_after_a_person_released_the_terminal(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        struck(inline, "adult", "takahashi", HandsOverPreviousSheet())
        assert inline.situation() is State.STOPPED_FOR_FINDING
        assert inline.journal.open_findings()
        with pytest.raises(NotServingError):
            inline.serve(shopper(inline))
        inline.release("SHOP-07")
        assert inline.situation() is State.IDLE
        assert inline.journal.open_findings() == ()
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.COMPLETED


def test_one_foreign_person_in_a_household_is_found(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD))
        inline.assembled.model.faults.next(WrongPageOf(2))
        visit = inline.serve(shopper(inline, "head", kind=RESIDENCE, scope=Scope.HOUSEHOLD))
        assert the_end(visit).reason is EndReason.FINDING
        assert inline.payment.till.held_yen == FEE_YEN
        inline.release("SHOP-07")


def test_a_finding_that_cannot_be_sealed_stops_the_terminal_all_the_same(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        (tmp_path / "findings").write_text("a file where the folder should be")
        visit = struck(inline, "adult", "takahashi", HandsOverPreviousSheet())
        assert the_end(visit).reason is EndReason.FINDING
        assert inline.situation() is State.STOPPED_FOR_FINDING
        assert len(inline.journal.open_findings()) == 1
        assert [entry.code for entry in visit.of(e.FaultRaised)] == ["SERVICE_FINDING_NOT_SEALED"]  # type: ignore[union-attr]
        assert inline.payment.till.held_yen == FEE_YEN
        inline.release("SHOP-07")


def test_a_finding_reaches_the_municipality_s_folder_though_the_centre_is_gone(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline, "adult"))
        inline.assembled.model.faults.next(HandsOverPreviousSheet())
        rules = shopper(inline, "takahashi")
        cut = inline.line

        def cut_the_line() -> None:
            cut.cut = True

        rules["verifying"] = ((Do(cut_the_line),),)
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.FINDING
        assert len(list((tmp_path / "findings").glob("*.jwe"))) == 1
        (told,) = visit.of(e.DeliveryReported)
        assert isinstance(told, e.DeliveryReported)
        assert not told.accepted
        inline.release("SHOP-07")
