"""How the world takes what the machine asks for, and the promises that this must not break.

A reaction takes the world, and what was made ready of one effect; it gives the world after, or raises ``Broken``. The machine's
own view (its session) is not asked: what a customer is owed, whose sheet it is and which try is the last are the world's to know.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from simulator.explore.broken import hold
from simulator.explore.money_reactions import MONEY_NOTES, MONEY_REACTIONS
from simulator.explore.settings import Setting
from simulator.explore.stepping import Step
from simulator.explore.taking import Reaction, Taken, give
from simulator.explore.world import (
    BABBLED,
    CANCEL_REQUEST,
    CARD_LANE,
    FOUND,
    FOUND_DEAD,
    FOUND_NOW,
    FRESH,
    GIVEN,
    LAST_TEXT_TRY,
    LAST_TRY,
    NOBODYS,
    NONE,
    OPEN_SESSION,
    OWN,
    PAGES,
    PRINT,
    READ_CARD,
    READ_SUBJECT,
    REPORT,
    REQUEST,
    RESET,
    SCREENS,
    SENT,
    STARTED,
    STRANGERS,
    VERIFY,
    VERIFY_PIN,
    World,
)
from terminal.fsm import effects as fx
from terminal.fsm import notes
from terminal.fsm.values import Delivery

_TAKE_SHEETS: Final = SCREENS.index(fx.Screen.TAKE_SHEETS)
_TAKE_INCOMPLETE: Final = SCREENS.index(fx.Screen.TAKE_INCOMPLETE_SHEETS)
_LAST_TRY_SCREENS: Final = {
    SCREENS.index(fx.Screen.CONFIRM_LAST_TRY): "tries",
    SCREENS.index(fx.Screen.CONFIRM_LAST_TEXT_TRY): "text_tries",
}
_TRIES_SCREENS: Final = {
    **_LAST_TRY_SCREENS,
    SCREENS.index(fx.Screen.ENTER_PIN): "tries",
    SCREENS.index(fx.Screen.ENTER_TEXT_PIN): "text_tries",
}


def _show(world: World, taken: Taken) -> World:
    screen = SCREENS.index(taken.effect.screen)
    if screen == _TAKE_SHEETS:
        hold(bool(world.whole), "P5", "sheets are shown as done, and the printer has not reported every side out")
    elif screen == _TAKE_INCOMPLETE:
        incomplete = bool(world.tray) and not world.whole
        doubted = bool(world.doubted) or world.untold == BABBLED
        hold(incomplete or doubted, "P5", "an incomplete set is to be taken, and there is none")
    elif screen in _LAST_TRY_SCREENS:
        left = getattr(world, _LAST_TRY_SCREENS[screen])
        hold(left == 1, "P5", f"the last try is to be confirmed, and the card has {left}")
    if screen in _TRIES_SCREENS:
        left, told = getattr(world, _TRIES_SCREENS[screen]), taken.effect.tries_left
        hold(left == told, "P3", f"a PIN is asked for, the card has {left} tries left and the screen says {told}")
    return world.but(screen=screen)


def _read_card(world: World, _taken: Taken) -> World:
    hold(world.card == OWN, "P2", "a card is read that is not this customer's")
    return give(world, READ_CARD, CARD_LANE, "P3").but(powered=1)


def _verify_pin(world: World, _taken: Taken) -> World:
    hold(world.digits == FRESH, "P3", "a PIN is sent that was not entered for this try")
    hold(world.tries > 1 or bool(world.agreed & LAST_TRY), "P3", "the last try is burnt unasked")
    return give(world, VERIFY_PIN, CARD_LANE, "P3").but(digits=SENT, agreed=world.agreed & ~LAST_TRY)


def _read_subject(world: World, taken: Taken) -> World:
    if taken.effect.same_digits:
        hold(world.digits == SENT, "P3", "the same digits are offered to the text application, and there are none")
        return give(world, READ_SUBJECT, CARD_LANE, "P3")
    hold(world.digits == FRESH, "P3", "a text PIN is sent that was not entered for this try")
    hold(world.text_tries > 1 or bool(world.agreed & LAST_TEXT_TRY), "P3", "the last text try is burnt unasked")
    return give(world, READ_SUBJECT, CARD_LANE, "P3").but(digits=SENT, agreed=world.agreed & ~LAST_TEXT_TRY)


def _forget_pin(world: World, _taken: Taken) -> World:
    return world.but(digits=NONE)


def _open_session(world: World, _taken: Taken) -> World:
    return give(world, OPEN_SESSION, CARD_LANE, "P3")


def _release_card(world: World, _taken: Taken) -> World:
    return world.but(powered=0)


def _request(world: World, taken: Taken) -> World:
    hold(not world.unsettled, "P8", "a bundle is asked for before the one before was settled")
    hold(not world.inside, "P4", "a bundle is asked for with money inside")
    return give(world, REQUEST, REQUEST, "P1").but(price=taken.price, subject=NOBODYS, proved=0)


def _cancel_request(world: World, _taken: Taken) -> World:
    return give(world, CANCEL_REQUEST, CANCEL_REQUEST, "P1")


def _verify(world: World, taken: Taken) -> World:
    subject = STRANGERS if taken.told.dead else world.subject
    hold(subject != NOBODYS, "P1", "a bundle is verified that never came")
    return give(world, VERIFY, VERIFY, "P1").but(subject=subject, unsettled=1, proved=0)


def _start_print(world: World, taken: Taken) -> World:
    hold(world.subject == OWN, "P1", "somebody else's bundle is printed")
    hold(
        bool(world.proved and world.unsettled), "P1", "a bundle is printed that did not pass the gates, or was given up"
    )
    hold(taken.effect.impressions == PAGES, "P5", "another number of sides is printed than passed the gates")
    hold(not world.tray and not world.left, "P1", "a job begins on top of sheets that lie in the tray")
    hold(world.inside >= world.price, "P4", "sheets are printed that are not paid for")
    return give(world, PRINT, PRINT, "P5").but(job=GIVEN, whole=0)


def _cancel_print(world: World, _taken: Taken) -> World:
    return world.but(stopped=world.stopped | PRINT)


def _report(world: World, taken: Taken) -> World:
    hold(bool(world.unsettled), "P8", "a bundle is reported twice, or one that never came")
    if taken.effect.outcome is not Delivery.UNKNOWN:
        hold(
            not world.busy & PRINT,
            "P5",
            f"reported as {taken.effect.outcome}, and the printer has not told how the job ended",
        )
    match taken.effect.outcome:
        case Delivery.DELIVERED:
            hold(bool(world.whole), "P5", "reported as delivered, and not every side is out")
        case Delivery.NOT_DELIVERED:
            hold(not world.tray, "P5", "reported as not delivered, and sides lie in the tray")
        case Delivery.PARTLY_DELIVERED:
            hold(bool(world.tray) and not world.whole, "P5", "reported as partly delivered, and it is not so")
        case _:
            pass
    return world.but(busy=world.busy | REPORT, unsettled=0, proved=0)


def _end_customer(world: World, taken: Taken) -> World:
    hold(not world.open, "P8", "the session is over without its end in the journal")
    hold(not world.unsettled, "P8", "the session is over, and nobody was told how its bundle ended")
    hold(not world.digits, "P3", "the session is over, and its digits are still there")
    hold(not world.powered, "P3", "the session is over, and its card still has power")
    hold(world.claimed == world.owed, "P4", f"{world.owed} yen are owed and the claim ticket says {world.claimed}")
    hold(
        bool(taken.effect.finding) == bool(world.finding & FOUND_NOW),
        "P6",
        "the session's end does not tell of its finding",
    )
    return world.but(over=1)


def _reset(world: World, taken: Taken) -> World:
    if world.process:
        # What the supervisor kills gets its end on record by the supervisor.
        world = world.but(open=0, process=FOUND_DEAD if world.process == FOUND else 0)
    hold(not world.open, "P8", "the terminal is reset, and the customer's start has no end")
    hold(taken.grew, "P2", "the terminal is reset, and the customer's generation lives on")
    return World(
        card=STRANGERS if world.card else NOBODYS,
        screen=world.screen,
        busy=RESET,
        dead=world.busy & ~RESET if taken.session_ended else world.dead | world.busy & RESET,
        left=1 if world.left or world.tray or world.job == STARTED else 0,
        finding=1 if world.finding else 0,
        process=world.process,
    )


# --- the journal


def _started(world: World, taken: Taken) -> World:
    hold(not world.open, "P8", "a customer starts before the one before has ended")
    hold(taken.grew, "P2", "a customer starts in the generation of the one before")
    return World(
        card=world.card, screen=world.screen, busy=world.busy, dead=world.dead, left=world.left, open=1,
        finding=1 if world.finding else 0,
    )  # fmt: skip


def _settled(world: World, taken: Taken) -> World:
    return world.but(unsettled=0, proved=0) if taken.crashed else world


def _no_return(world: World, _taken: Taken) -> World:
    hold(
        world.job == STARTED,
        "P7",
        "the point of no return is passed before a byte went out: the customer cannot cancel",
    )
    return world


REACTIONS: Final[dict[type[Any], Reaction]] = {
    fx.Show: _show,
    fx.ReadCard: _read_card,
    fx.VerifyPin: _verify_pin,
    fx.ReadSubject: _read_subject,
    fx.ForgetPin: _forget_pin,
    fx.OpenSession: _open_session,
    fx.ReleaseCard: _release_card,
    fx.RequestIssuance: _request,
    fx.CancelIssuance: _cancel_request,
    fx.VerifyBundle: _verify,
    fx.StartPrint: _start_print,
    fx.CancelPrint: _cancel_print,
    fx.ReportDelivery: _report,
    fx.EndCustomer: _end_customer,
    fx.ResetTerminal: _reset,
    **MONEY_REACTIONS,
}

NOTES: Final[dict[type[Any], Reaction]] = {
    notes.CustomerStarted: _started,
    notes.BundleSettled: _settled,
    notes.PointOfNoReturnPassed: _no_return,
    **MONEY_NOTES,
}

Prepared: TypeAlias = tuple[Reaction, Taken]
Prepare: TypeAlias = Callable[[Step], tuple[Prepared, ...]]


def preparing(setting: Setting) -> Prepare:
    """Makes the reactions to a step of ``setting`` ready: the world meets each step many times."""

    def prepare(step: Step) -> tuple[Prepared, ...]:
        return tuple(_prepared(step, setting)) if step.effects else ()

    return prepare


def _prepared(step: Step, setting: Setting) -> list[Prepared]:
    ready: list[Prepared] = []
    for effect in step.effects:
        what = effect.entry if isinstance(effect, fx.Note) else effect
        reaction = NOTES.get(type(what)) if isinstance(effect, fx.Note) else REACTIONS.get(type(what))
        if reaction is not None and not (isinstance(what, fx.Show) and what.warning):
            ready.append((reaction, Taken(what, step, setting)))
    return ready
