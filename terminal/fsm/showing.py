"""What is on the screen and what it may tell: the one effect with many fields. Numbers, codes and generic words only."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.fsm.values import Choice, Offer


class Screen(StrEnum):
    """What is on the screen, by what it tells the customer."""

    OUT_OF_SERVICE = "out_of_service"
    WELCOME = "welcome"
    READING_CARD = "reading_card"
    CONFIRM_LAST_TRY = "confirm_last_try"
    ENTER_PIN = "enter_pin"
    CHECKING_PIN = "checking_pin"
    READING_SUBJECT = "reading_subject"
    CONFIRM_LAST_TEXT_TRY = "confirm_last_text_try"
    ENTER_TEXT_PIN = "enter_text_pin"
    ASKING_CENTRE = "asking_centre"
    TAKE_CARD = "take_card"
    CHOOSE_KIND = "choose_kind"
    KIND_REFUSED = "kind_refused"
    CHOOSE_SCOPE = "choose_scope"
    CHOOSE_MEMBERS = "choose_members"
    CHOOSE_ITEMS = "choose_items"
    CHOOSE_COPIES = "choose_copies"
    CONFIRM = "confirm"
    PAY = "pay"
    TAKE_CHANGE = "take_change"
    CANCELLING = "cancelling"
    REQUESTING = "requesting"
    VERIFYING = "verifying"
    PRINTING = "printing"
    PRINTER_WAITING = "printer_waiting"
    TAKE_SHEETS = "take_sheets"
    REFUNDING = "refunding"
    TAKE_INCOMPLETE_SHEETS = "take_incomplete_sheets"
    PIN_LOCKED = "pin_locked"
    TAKE_CARD_BACK = "take_card_back"
    SORRY = "sorry"
    GOODBYE = "goodbye"
    RESETTING = "resetting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Show:
    """Put ``screen`` up. The other fields are what it may tell; those a screen has no use for are left at their default.

    ``reason`` is a code whose text the screen's catalogue has. ``inserted_yen`` is in the device so far, ``change_yen`` is what
    comes back of it. ``levels`` are the codes of what is wrong with the devices that take and give money: said before the
    first coin, on the screens where it matters. ``warning`` asks "are you still there?" (or, in states that wait
    for a device, says that it takes longer than usual); the time-out follows ``ends_in_s`` later.
    """

    screen: Screen
    reason: str = ""
    tries_left: int | None = None
    offers: tuple[Offer, ...] = ()
    scopes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    member_count: int = 0
    applicant_index: int = 0
    copies_max: int = 0
    choice: Choice | None = None
    fee_yen: int = 0
    inserted_yen: int = 0
    change_yen: int = 0
    levels: tuple[str, ...] = ()
    refunded_yen: int = 0
    owed_yen: int = 0
    impressions: int = 0
    expected_impressions: int = 0
    warning: bool = False
    ends_in_s: float | None = None
