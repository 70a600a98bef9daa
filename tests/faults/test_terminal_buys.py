"""The whole way, nothing going wrong: what is on record, in the till, in the tray and at the centre."""

import time
from pathlib import Path

import pypdfium2
import pytest

from printer_templates.records import Item, Scope
from simulator.devices.payment.model import Till
from simulator.people.residents import resident
from simulator.people.script import CANCEL, WARNED, Choose, Digits
from simulator.terminal_inline import InlineConfig, InlineTerminal
from terminal.devices.payment.api import CollectCompletion, Collecting
from terminal.devices.screen.api import BackPressed
from terminal.fsm.config import Evidence
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import (
    FEE_YEN,
    RESIDENCE,
    in_order,
    nothing_happened,
    pages_in_tray,
    shopper,
    terminal,
    the_end,
    the_request,
)


def words_in_tray(inline: InlineTerminal) -> str:
    texts = []
    for delivery in inline.tray.deliveries:
        document = pypdfium2.PdfDocument(delivery.pdf)
        texts += [page.get_textpage().get_text_range() for page in document]
        document.close()
    return "".join("".join(texts).split())


def test_a_purchase_is_on_record_from_card_to_tray(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline))
        assert in_order(
            visit,
            e.CustomerStarted,
            e.CardAccepted,
            e.SessionOpened,
            e.ChoiceMade,
            e.IssuanceRequested,
            e.GateEnded,
            e.FeeRequested,
            e.FeeCollected,
            e.PrintStarted,
            e.PrintEnded,
            e.DeliveryReported,
            e.CustomerEnded,
            e.ResetProved,
        )
        assert the_end(visit).reason is EndReason.COMPLETED
        assert the_end(visit).delivered
        assert pages_in_tray(inline) == [(2, 2)]
        assert inline.payment.till == Till(taken_yen=FEE_YEN, kept_yen=FEE_YEN)
        assert the_request(inline).outcome == "delivered"
        assert the_request(inline).impressions == 2
        assert "".join(resident("adult").name.split()) in words_in_tray(inline)
        assert inline.situation() is State.IDLE


def test_a_purchase_takes_far_less_than_a_second_of_real_time(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline))
        started_s = time.process_time()
        inline.serve(shopper(inline, "head"))
        assert time.process_time() - started_s < 1.0


def test_the_fee_is_asked_for_on_record_before_the_device_is_told(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        seen: list[list[str]] = []
        collect = inline.payment.collect

        def watched(fee_yen: int, collecting: Collecting) -> CollectCompletion:
            seen.append([type(recorded.entry).__name__ for recorded in inline.journal.entries()])
            return collect(fee_yen, collecting)

        inline.payment.collect = watched  # type: ignore[method-assign]
        inline.serve(shopper(inline))
        assert "FeeRequested" in seen[0]
        assert "FeeCollected" not in seen[0]


def test_printing_is_on_record_before_the_first_byte_leaves(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        seen: list[list[str]] = []
        add = inline.printer.add_document

        def watched(job_id: int, document: bytes) -> object:
            seen.append([type(recorded.entry).__name__ for recorded in inline.journal.entries()])
            return add(job_id, document)

        inline.printer.add_document = watched  # type: ignore[method-assign,assignment]
        inline.serve(shopper(inline))
        assert "PrintStarted" in seen[0]
        assert "PrintEnded" not in seen[0]


def test_a_household_with_items_and_copies(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        items = (Item.RELATIONSHIP, Item.REGISTERED_DOMICILE)
        visit = inline.serve(shopper(inline, "head", kind=RESIDENCE, scope=Scope.HOUSEHOLD, items=items, copies=2))
        (choice,) = visit.of(e.ChoiceMade)
        assert isinstance(choice, e.ChoiceMade)
        assert (choice.items, choice.copies, choice.fee_yen) == (2, 2, 2 * FEE_YEN)
        assert inline.payment.till.held_yen == 2 * FEE_YEN
        assert pages_in_tray(inline) == [(4, 4)]
        printed = words_in_tray(inline)
        assert all("".join(resident(key).name.split()) in printed for key in ("head", "adult", "child"))


def test_only_the_members_chosen_are_printed(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        child = resident("child").name
        inline.serve(shopper(inline, "head", kind=RESIDENCE, scope=Scope.MEMBERS, members=[child]))
        printed = words_in_tray(inline)
        assert all("".join(resident(key).name.split()) in printed for key in ("head", "child"))
        assert "".join(resident("adult").name.split()) not in printed


def test_a_household_of_fourteen_comes_whole(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD))
        printed = words_in_tray(inline)
        assert all("".join(resident(f"large-{n}").name.split()) in printed for n in range(1, 15))


@pytest.mark.parametrize("who", ["katsuragi", "yoshida"])
def test_names_that_the_card_cannot_spell_reach_the_tray_where_the_serial_is_enough(tmp_path: Path, who: str) -> None:
    with terminal(tmp_path, InlineConfig(evidence=Evidence.SERIAL)) as inline:
        visit = inline.serve(shopper(inline, who, kind=RESIDENCE))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert pages_in_tray(inline) == [(2, 2)]


@pytest.mark.parametrize("who", ["foreign", "takahashi", "former-name", "long-address"])
def test_hard_names_that_the_card_can_spell_reach_the_tray(tmp_path: Path, who: str) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline, who, kind=RESIDENCE))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert pages_in_tray(inline) == [(2, 2)]


def test_a_municipality_s_own_document_is_printed(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline, "outsider", kind=RESIDENCE))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.payment.till.held_yen == 300


def test_a_telephone_is_enough_where_the_serial_is(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(evidence=Evidence.SERIAL)) as inline:
        visit = inline.serve(shopper(inline, "android"))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert "reading_subject" not in visit.screens
        assert len(visit.of(e.CardAccepted)) == 1


def test_a_telephone_cannot_show_the_basic_four(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(evidence=Evidence.SERIAL_AND_BASIC_FOUR)) as inline:
        visit = inline.serve(shopper(inline, "android"))
        assert the_end(visit).reason is EndReason.SUBJECT_FAILED
        assert "choose_kind" not in visit.screens
        nothing_happened(inline)


def test_going_back_changes_the_choice_and_nothing_is_taken_before_it_is_confirmed(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline, "head", kind=RESIDENCE)
        rules["choose_kind"] = ((Choose("印鑑"),), (Choose("住民票の写し"),))
        rules["choose_copies"] = ((BackPressed(),), (Choose("1通"),))
        visit = inline.serve(rules)
        (choice,) = visit.of(e.ChoiceMade)
        assert isinstance(choice, e.ChoiceMade)
        assert choice.certificate is RESIDENCE


def test_still_here_keeps_the_session(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline)
        rules["choose_kind"] = ()
        rules[WARNED + "choose_kind"] = ((Choose("印鑑"),),)
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED


def test_two_people_after_each_other_share_nothing_on_record(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        card = inline.card("adult")
        first, second = inline.serve(shopper(inline, card)), inline.serve(shopper(inline, card))
        cards = [entry.card for visit in (first, second) for entry in visit.of(e.CardAccepted)]  # type: ignore[union-attr]
        assert len(set(cards)) == 2
        assert the_end(first).customer != the_end(second).customer


def test_a_wrong_pin_then_the_right_one(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline)
        rules["enter_pin"] = ((Digits("0000"),), (Digits("1234"),))
        visit = inline.serve(rules)
        (refused,) = visit.of(e.PinRefused)
        assert isinstance(refused, e.PinRefused)
        assert refused.tries_left == 2
        assert the_end(visit).reason is EndReason.COMPLETED


def test_whoever_cancels_at_once_leaves_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline), "enter_pin": (CANCEL,)})
        assert the_end(visit).reason is EndReason.CANCELLED
        nothing_happened(inline)
