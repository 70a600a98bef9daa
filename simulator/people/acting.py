"""Turns a visitor into what is pressed and done on each screen (``script.Rules``), first, second … time that it comes up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from simulator.people.script import Answer, Answers, Choose, ChooseNamed, Digits, Do, Pause, Rules
from simulator.people.visitor import (
    Cancels,
    ForgetsCard,
    ForgetsSheets,
    LaysOtherCard,
    LiftsCard,
    Mistypes,
    StepsBack,
    Visitor,
    WalksAway,
)
from terminal.devices.screen.api import BackPressed, CancelPressed, OkPressed
from terminal.presenting import texts

_TAKING: Final = ("take_sheets", "take_incomplete_sheets")
_AGAIN: Final = 6
"""Screens that come up several times in a visit are answered as often as that."""
WRONG_PIN: Final = "9999"


class Hands(Protocol):
    """What a visitor does besides pressing keys."""

    def lay_card(self, profile: str) -> None:
        """Put the card of ``profile`` on the reader, in place of any other."""
        ...

    def lift_card(self) -> None:
        """Take off whatever lies on the reader."""
        ...

    def take_sheets(self) -> None:
        """Take what lies in the tray."""
        ...

    def pay(self, amount_yen: int) -> None:
        """Put one coin or note in."""
        ...


@dataclass(frozen=True, slots=True)
class Actor:
    """One visitor at one terminal: ``walk_away`` is called when they leave early; ``names`` are what residents
    are called and were, by key."""

    visitor: Visitor
    hands: Hands
    names: Mapping[str, tuple[str, ...]]
    walk_away: Callable[[], None]
    cash: bool = False

    def rules(self) -> Rules:
        """What this person does on each screen, first, second … time that it comes up."""
        usual = {screen: tuple(self._reads(answers) for answers in each) for screen, each in self._usual().items()}
        for screen, each in list(usual.items()):
            if len(each) == 1:
                usual[screen] = each * _AGAIN
        for habit in self.visitor.habits:
            self._bend(usual, habit)
        return usual

    def _called(self, key: str) -> tuple[str, ...]:
        return self.names[key]

    def _reads(self, answers: Answers) -> Answers:
        return (Pause(self.visitor.reads_s), *answers) if self.visitor.reads_s > 0 else answers

    def _usual(self) -> dict[str, tuple[Answers, ...]]:
        visitor, wish, hands = self.visitor, self.visitor.wish, self.hands
        lift: Answers = () if visitor.habit(ForgetsCard) else (Do(hands.lift_card),)
        take: Answers = () if visitor.habit(ForgetsSheets) else (Do(hands.take_sheets), OkPressed())
        members: Answers = (*(ChooseNamed(partial(self._called, key)) for key in wish.members), OkPressed())
        items: Answers = (*(Choose(texts.ITEMS[item].ja) for item in wish.items), OkPressed())
        go_on: Answers = (OkPressed(),)
        return {
            "welcome": ((Do(lambda: hands.lay_card(visitor.card_profile)),),),
            "enter_pin": self._pins(visitor.pin),
            "enter_text_pin": self._pins(visitor.text_pin or visitor.pin),
            "confirm_last_try": (go_on,),
            "confirm_last_text_try": (go_on,),
            "pin_locked": (go_on,),
            "take_card": (lift,),
            "take_card_back": (lift,),
            "kind_refused": ((CancelPressed(),),),
            "choose_kind": ((Choose(texts.KINDS[wish.kind].ja),),),
            "choose_scope": ((Choose(texts.SCOPES[wish.scope].ja),),),
            "choose_members": (members,),
            "choose_items": (items,),
            "choose_copies": ((Choose(texts.COPIES.filled(copies=wish.copies).ja),),),
            "confirm": (go_on,),
            "pay": (self._pays(),) if self.cash else ((),),
            "sorry": (go_on,),
            **dict.fromkeys(_TAKING, (take,)),
        }

    def _pins(self, right: str) -> tuple[Answers, ...]:
        wrong = sum(habit.times for habit in self.visitor.habits if isinstance(habit, Mistypes))
        return (*((Digits(WRONG_PIN),) for _ in range(wrong)), *((Digits(right),) for _ in range(3)))

    def _pays(self) -> Answers:
        """One coin after another; the exact fee when nothing else is said."""
        answers: list[Answer] = []
        for amount_yen in self.visitor.pays_yen or (100, 100) * self.visitor.wish.copies:
            answers += [Pause(1.0), Do(lambda yen=amount_yen: self.hands.pay(yen))]  # type: ignore[misc]
        return tuple(answers)

    def _paid_on(self, screen: str) -> Answers:
        """Whoever names their coins and thinks better of it while paying has put them in first."""
        return self._pays() if screen == "pay" and self.cash and self.visitor.pays_yen else ()

    def _bend(self, usual: dict[str, tuple[Answers, ...]], habit: object) -> None:
        match habit:
            case WalksAway(screen):
                usual[screen] = ((*self._paid_on(screen), Do(self.walk_away)),)
            case LiftsCard(screen, after_s):
                usual[screen] = ((Pause(after_s), Do(self.hands.lift_card)), *usual.get(screen, ()))
            case LaysOtherCard(screen, resident):
                lay = Do(lambda: self.hands.lay_card(resident))
                usual[screen] = tuple(
                    (lay, *answers) if not at else answers for at, answers in enumerate(usual[screen])
                )
            case Cancels(screen, after_s, showing):
                before = usual.get(screen, ())[: showing - 1]
                usual[screen] = (*before, (*self._paid_on(screen), Pause(after_s), CancelPressed()))
            case StepsBack(screen, times):
                usual[screen] = (*(self._reads((BackPressed(),)) for _ in range(times)), *usual.get(screen, ()))
            case _:
                pass
