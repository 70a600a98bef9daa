"""Every screen and reason has its words, and what is pressed on a view is what the machine hears."""

import importlib
import pkgutil
import re
from enum import StrEnum

import pytest

import terminal
from terminal.centre.messages import RefusalCode
from terminal.devices.screen import api
from terminal.fsm import events
from terminal.fsm.effects import Screen, Show
from terminal.fsm.values import Choice, MachineCode, Offer
from terminal.presenting import texts
from terminal.presenting.present import Presenter
from terminal.presenting.reasons import reason_text
from terminal.verification.reasons import Reason

OFFERS = (
    Offer("residence_certificate", None, 200, ("self", "household", "members"), ("my_number",), 3),
    Offer("seal_certificate", "REFUSED_SEAL_CANCELLED"),
)


UNSEEN = ("terminal.config.", "terminal.journal.recover")
"""Codes of terminals that do not start, and of entries that are added to the journal: no screen shows them."""


def _codes() -> tuple[str, ...]:
    """Every code of the terminal's own catalogues, read from its modules: what a device can say, a screen may have to."""
    found: dict[str, None] = {}
    for module in pkgutil.walk_packages(terminal.__path__, "terminal."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, StrEnum) and not each.__module__.startswith(UNSEEN):
                found |= dict.fromkeys(code.value for code in each if re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)+", code.value))
    return tuple(found)


CODES = _codes()


def test_the_codes_are_found() -> None:
    assert {"MACHINE_PRINT_TIMED_OUT", "RECEIPT_LEFT_OVER", "COINS_JAMMED", "JOURNAL_DISK_FULL"} <= set(CODES)


def test_what_the_machine_itself_says_is_not_said_in_a_devices_words() -> None:
    said = [reason_text(code) for code in MachineCode]
    assert len(set(said)) == len(said)


@pytest.fixture
def presenter() -> Presenter:
    return Presenter(simulated=True, names=("見本\u3000太郎", "見本\u3000花子"))


@pytest.mark.parametrize("screen", Screen)
def test_every_screen_has_words_in_both_languages_and_says_specimen(screen: Screen, presenter: Presenter) -> None:
    view = presenter.view_of(Show(screen))
    assert texts.SCREENS[screen].title.ja in view.title
    assert texts.SCREENS[screen].title.en in view.title
    assert "SPECIMEN" in view.banner
    assert "見本" in view.banner


def test_a_real_terminal_shows_no_specimen_banner() -> None:
    assert Presenter(simulated=False).view_of(Show(Screen.WELCOME)).banner == ""


@pytest.mark.parametrize("code", [*RefusalCode, *Reason, *MachineCode, *CODES])
def test_every_reason_has_words_of_its_own(code: str) -> None:
    words = reason_text(code)
    assert words != reason_text("NOTHING_KNOWN")
    assert all(text.ja and text.en for text in words)


def test_a_kind_is_chosen_by_its_key_and_a_refused_one_is_shown_as_such(presenter: Presenter) -> None:
    view = presenter.view_of(Show(Screen.CHOOSE_KIND, offers=OFFERS))
    assert [choice.available for choice in view.choices] == [True, False]
    assert presenter.interpret(api.ChoicePressed("2")).event == events.KindChosen(1)
    assert presenter.interpret(api.ChoicePressed("9")).event is None


def test_members_are_shown_by_name_and_heard_as_indices(presenter: Presenter) -> None:
    view = presenter.view_of(Show(Screen.CHOOSE_MEMBERS, member_count=2, applicant_index=1))
    assert "太郎" in view.choices[0].label
    assert view.choices[1].selected
    assert presenter.interpret(api.ChoicePressed("1")).changed
    assert presenter.interpret(api.OkPressed()).event == events.MembersChosen((0, 1))


def test_a_selection_survives_the_warning_but_not_the_screen(presenter: Presenter) -> None:
    presenter.view_of(Show(Screen.CHOOSE_ITEMS, items=("my_number", "relationship")))
    presenter.interpret(api.ChoicePressed("2"))
    warned = presenter.view_of(
        Show(Screen.CHOOSE_ITEMS, items=("my_number", "relationship"), warning=True, ends_in_s=30)
    )
    assert [choice.selected for choice in warned.choices] == [False, True]
    assert "30" in warned.warning
    assert presenter.interpret(api.OkPressed()).event == events.ContinuePressed()
    presenter.view_of(Show(Screen.CHOOSE_COPIES, copies_max=3))
    again = presenter.view_of(Show(Screen.CHOOSE_ITEMS, items=("my_number", "relationship")))
    assert not any(choice.selected for choice in again.choices)


def test_ok_confirms_only_the_choice_that_is_on_the_screen(presenter: Presenter) -> None:
    choice = Choice("residence_certificate", "household", (), ("my_number",), 2, 400)
    view = presenter.view_of(Show(Screen.CONFIRM, choice=choice, fee_yen=400))
    assert any("400" in line for line in view.lines)
    assert any("世帯全員" in line for line in view.lines)
    assert presenter.interpret(api.OkPressed()).event == events.ChoiceConfirmed()
    presenter.view_of(Show(Screen.CONFIRM, choice=choice, fee_yen=400, warning=True))
    assert presenter.interpret(api.OkPressed()).event == events.ContinuePressed()


def test_digits_are_heard_on_pin_screens_only_and_wiped_elsewhere(presenter: Presenter) -> None:
    presenter.view_of(Show(Screen.ENTER_PIN, tries_left=3))
    pressed = presenter.interpret(api.DigitsEntered(bytearray(b"7391")))
    assert pressed.event == events.PinEntered()
    assert pressed.digits == bytearray(b"7391")
    presenter.view_of(Show(Screen.CHOOSE_KIND, offers=OFFERS))
    stray = bytearray(b"7391")
    assert presenter.interpret(api.DigitsEntered(stray)).event is None
    assert stray == bytes(4)


def test_tries_left_stand_on_the_pin_screen(presenter: Presenter) -> None:
    view = presenter.view_of(Show(Screen.ENTER_PIN, tries_left=2))
    assert any("2回" in line for line in view.lines)
    assert view.waits_for is api.InputKind.DIGITS


def test_a_locked_pin_explains_where_it_is_unlocked(presenter: Presenter) -> None:
    view = presenter.view_of(Show(Screen.PIN_LOCKED))
    assert any("市区町村の窓口" in line for line in view.lines)


def test_taking_the_sheets_is_what_ok_means_at_the_tray(presenter: Presenter) -> None:
    presenter.view_of(Show(Screen.TAKE_SHEETS, impressions=4, expected_impressions=4))
    assert presenter.interpret(api.OkPressed()).event == events.SheetsTaken()
