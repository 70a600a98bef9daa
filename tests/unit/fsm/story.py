"""A machine whose story is told in a few words: ``Story().until_paid()`` and what was asked of the world meanwhile."""

from collections.abc import Callable
from typing import Any, TypeVar

from terminal.fsm import events as ev
from terminal.fsm.config import MachineConfig
from terminal.fsm.effects import Effect, Note, Show
from terminal.fsm.machine import Machine
from terminal.fsm.memory import Session
from terminal.fsm.notes import Entry
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Offer

T = TypeVar("T")

RESIDENCE = Offer("residence", None, 300, ("self", "household", "members"), ("relationship", "my_number"), 5)
SEAL = Offer("seal", None, 200, ("self",), (), 1)
REFUSED_SEAL = Offer("seal", "REFUSED_SEAL_CANCELLED")
FREE = Offer("free", None, 0, ("self",), (), 1)
OFFERS = (RESIDENCE, SEAL, FREE, REFUSED_SEAL)


class Story:
    """Events in, effects kept; ``tell`` returns the effects of the last event."""

    def __init__(self, config: MachineConfig | None = None) -> None:
        self.machine = Machine.for_customer(config)
        self.effects: list[Effect] = []

    @property
    def state(self) -> State:
        return self.machine.state

    def at(self, state: State) -> bool:
        """Whether the story has come to ``state``."""
        return self.machine.state is state

    @property
    def g(self) -> int:
        return self.machine.generation

    @property
    def session(self) -> Session:
        assert self.machine.session is not None
        return self.machine.session

    @property
    def verdict(self) -> VerdictKind:
        return self.machine.last_verdict.kind

    def tell(self, *happenings: ev.Event | Callable[[int], ev.Event]) -> tuple[Effect, ...]:
        """Events, or completions that still want their generation."""
        effects: tuple[Effect, ...] = ()
        for one in happenings:
            event: Any = one if hasattr(one, "__dataclass_fields__") and not isinstance(one, type) else one(self.g)
            effects = self.machine.handle(event)
            self.effects += effects
        return effects

    def time_out(self) -> tuple[Effect, ...]:
        assert self.machine.memory.timer is not None
        return self.tell(ev.TimedOut(self.machine.memory.timer))

    def warn(self) -> tuple[Effect, ...]:
        assert self.machine.memory.timer is not None
        return self.tell(ev.TimeoutWarned(self.machine.memory.timer))

    def all(self, kind: type[T]) -> list[T]:
        """Every effect, or journal entry, of ``kind`` so far."""
        entries: list[Entry] = [effect.entry for effect in self.effects if isinstance(effect, Note)]
        return [one for one in [*self.effects, *entries] if isinstance(one, kind)]

    @property
    def shown(self) -> Show:
        return self.all(Show)[-1]

    # --- how far the story has come

    def until_pin(self, tries_left: int = 3) -> "Story":
        self.tell(ev.CardInserted(), lambda g: ev.CardRead(g, tries_left))
        return self

    def until_authenticating(self) -> "Story":
        self.until_pin().tell(ev.PinEntered())
        return self

    def until_subject(self) -> "Story":
        self.until_authenticating().tell(ev.PinAccepted)
        return self

    def until_session(self) -> "Story":
        self.until_subject().tell(ev.SubjectRead)
        return self

    def until_card_removal(self, offers: tuple[Offer, ...] = OFFERS) -> "Story":
        self.until_session().tell(lambda g: ev.SessionOpened(g, offers, member_count=3, applicant_index=1))
        return self

    def until_choosing(self, offers: tuple[Offer, ...] = OFFERS) -> "Story":
        self.until_card_removal(offers).tell(ev.CardRemoved())
        return self

    def until_confirming(self, kind: int = 1) -> "Story":
        self.until_choosing().tell(ev.KindChosen(kind))
        return self

    def until_requesting(self) -> "Story":
        self.until_confirming().tell(ev.ChoiceConfirmed())
        return self

    def until_verifying(self) -> "Story":
        self.until_requesting().tell(ev.BundleReceived)
        return self

    def until_paying(self) -> "Story":
        self.until_verifying().tell(lambda g: ev.GatesPassed(g, 2))
        return self

    def until_giving_change(self, inserted_yen: int = 500) -> "Story":
        self.until_paying().tell(lambda g: ev.FeeCollected(g, inserted_yen))
        return self

    def until_starting_print(self) -> "Story":
        self.until_paying().tell(lambda g: ev.FeeCollected(g, SEAL.fee_yen))
        return self

    def until_printing(self) -> "Story":
        self.until_starting_print().tell(ev.PrintStarted)
        return self

    def until_presenting(self) -> "Story":
        self.until_printing().tell(lambda g: ev.PrintCompleted(g, 2))
        return self

    def until_refunding(self) -> "Story":
        self.until_starting_print().tell(lambda g: ev.PrintFailed(g, "PRINTER_REFUSED", 0))
        return self
