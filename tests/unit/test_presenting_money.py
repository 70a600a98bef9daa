"""What the screens say of money: before the first coin how it is paid, while it comes in what is missing, and what comes back."""

import pytest

from terminal.fsm.effects import Screen, Show
from terminal.fsm.values import Choice, MachineCode
from terminal.presenting import texts
from terminal.presenting.present import Presenter
from terminal.presenting.reasons import reason_text

CASH = ("coins", "notes")
CHOICE = Choice("seal_certificate", "self", (), (), 1, 200)
BEFORE_THE_FIRST_COIN = (
    Show(Screen.WELCOME),
    Show(Screen.CONFIRM, choice=CHOICE, fee_yen=200),
    Show(Screen.PAY, choice=CHOICE, fee_yen=200),
)


def lines(show: Show, takes: tuple[str, ...] = CASH, slips: bool = False) -> tuple[str, ...]:
    return Presenter(simulated=True, takes=takes, slips=slips).view_of(show).lines


def says(found: tuple[str, ...], text: texts.Text) -> bool:
    return text.ja in found and text.en in found


def with_levels(show: Show, *levels: str) -> Show:
    return Show(show.screen, choice=show.choice, fee_yen=show.fee_yen, levels=levels)


@pytest.mark.parametrize("takes", [("coins",), ("notes",), CASH, ("exact",), ("elsewhere",)])
@pytest.mark.parametrize("show", BEFORE_THE_FIRST_COIN, ids=lambda show: show.screen)
def test_how_it_is_paid_is_said_and_no_other_way(show: Show, takes: tuple[str, ...]) -> None:
    found = lines(show, takes)
    assert [way for way in texts.TAKES if says(found, texts.TAKES[way])] == [way for way in texts.TAKES if way in takes]


@pytest.mark.parametrize("show", BEFORE_THE_FIRST_COIN, ids=lambda show: show.screen)
def test_exact_change_only_is_said_before_the_first_coin(show: Show) -> None:
    assert says(lines(with_levels(show, "COINS_CHANGE_LOW")), texts.EXACT_ONLY)
    assert not says(lines(show), texts.EXACT_ONLY)
    assert not says(lines(with_levels(show, "COINS_CHANGE_LOW"), ("elsewhere",)), texts.EXACT_ONLY)


@pytest.mark.parametrize("show", BEFORE_THE_FIRST_COIN, ids=lambda show: show.screen)
def test_a_shop_that_takes_notes_alone_says_that_it_gives_no_change(show: Show) -> None:
    assert says(lines(show, ("notes",)), texts.NO_CHANGE)
    assert not says(lines(show, ("coins",)), texts.NO_CHANGE)
    assert not says(lines(show, CASH), texts.NO_CHANGE)


@pytest.mark.parametrize("show", BEFORE_THE_FIRST_COIN, ids=lambda show: show.screen)
@pytest.mark.parametrize("code", ["NOTES_STACKER_FULL", "NOTES_JAMMED"])
def test_no_notes_is_said_and_notes_are_not_offered(show: Show, code: str) -> None:
    found = lines(with_levels(show, code))
    assert says(found, texts.NO_NOTES)
    assert not says(found, texts.TAKES["notes"])
    assert says(found, texts.TAKES["coins"])
    assert not says(lines(with_levels(show, code), ("coins",)), texts.NO_NOTES)


def test_what_is_free_says_nothing_of_coins() -> None:
    free = Choice("seal_certificate", "self", (), (), 1, 0)
    found = lines(Show(Screen.CONFIRM, choice=free, levels=("COINS_CHANGE_LOW",)))
    assert not says(found, texts.EXACT_ONLY)
    assert not says(found, texts.TAKES["coins"])


def test_while_money_comes_in_what_is_missing_is_counted_down() -> None:
    found = lines(Show(Screen.PAY, choice=CHOICE, fee_yen=200, inserted_yen=150))
    assert says(found, texts.FEE.filled(fee=200))
    assert says(found, texts.INSERTED.filled(amount=150))
    assert says(found, texts.MISSING.filled(amount=50))
    over = lines(Show(Screen.PAY, choice=CHOICE, fee_yen=200, inserted_yen=500))
    assert says(over, texts.MISSING.filled(amount=0))


def test_back_is_offered_until_the_first_coin() -> None:
    presenter = Presenter(simulated=True, takes=CASH)
    assert presenter.view_of(Show(Screen.PAY, choice=CHOICE, fee_yen=200)).back_label
    view = presenter.view_of(Show(Screen.PAY, choice=CHOICE, fee_yen=200, inserted_yen=10))
    assert not view.back_label
    assert view.cancel_label


def test_the_change_is_named_and_can_be_cancelled() -> None:
    view = Presenter(simulated=True, takes=CASH).view_of(Show(Screen.TAKE_CHANGE, fee_yen=200, change_yen=300))
    assert texts.CHANGE.filled(amount=300).ja in view.lines
    assert view.cancel_label


def test_where_the_fee_is_paid_elsewhere_the_tray_says_how_much() -> None:
    show = Show(Screen.TAKE_SHEETS, fee_yen=200)
    assert says(lines(show, ("elsewhere",)), texts.FEE_ELSEWHERE.filled(fee=200))
    assert not says(lines(show), texts.FEE_ELSEWHERE.filled(fee=200))


@pytest.mark.parametrize(
    ("show", "paper"),
    [
        (Show(Screen.TAKE_SHEETS, fee_yen=200), texts.RECEIPT),
        (Show(Screen.SORRY, refunded_yen=200), texts.REFUND_SLIP),
        (Show(Screen.SORRY, owed_yen=200), texts.CLAIM_TICKET),
        (Show(Screen.GOODBYE, owed_yen=200), texts.CLAIM_TICKET),
    ],
)
def test_papers_are_announced_only_where_they_can_be_printed(show: Show, paper: texts.Text) -> None:
    assert says(lines(show, slips=True), paper)
    assert not says(lines(show, slips=False), paper)


@pytest.mark.parametrize("screen", [Screen.SORRY, Screen.GOODBYE, Screen.TAKE_INCOMPLETE_SHEETS, Screen.TAKE_SHEETS])
def test_no_ticket_is_promised_by_a_printer_that_prints_none(screen: Screen) -> None:
    found = lines(Show(screen, owed_yen=200, refunded_yen=100, levels=("RECEIPT_PAPER_OUT",)), slips=True)
    assert says(found, texts.NO_TICKET)
    assert not says(found, texts.CLAIM_TICKET)
    assert not says(found, texts.REFUND_SLIP)
    low = lines(Show(screen, owed_yen=200, levels=("RECEIPT_PAPER_LOW", "COINS_HOPPER_EMPTY")), slips=True)
    assert says(low, texts.CLAIM_TICKET), "low paper still prints"
    assert not says(low, texts.NO_TICKET)


@pytest.mark.parametrize(
    "code", ["COINS_MONEY_UNKNOWN", "COINS_JAM", "NOTES_JAM", "PIN_PAD_UNPLUGGED", MachineCode.CHANGE_TIMED_OUT.value]
)
def test_new_devices_have_reasons_in_words(code: str) -> None:
    assert reason_text(code) != reason_text("NOTHING_KNOWN")
