"""A municipality's issuing server under a clock that a test moves: many customers at once, and what came to each."""

from dataclasses import dataclass
from typing import TypeVar

from printer_templates.records import CertificateKind, Item, Scope
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.issuances import Begun, Underway
from simulator.centre.issuing.events import FileHandedOver, Happening, ServerEvent
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.registers import PLAIN_MEMORY, Registers
from terminal.centre.api import IssuanceOutcome
from terminal.centre.messages import BundleMode, Choice, IssuanceReply, IssuanceRequest
from tests.centre_gates import Told, judged
from tests.centre_world import SELF_SEAL, TERMINAL, Customer, fresh_request_id, make_world

CITY = "99101"
FAMILY = Choice(
    kind=CertificateKind.RESIDENCE_CERTIFICATE,
    scope=Scope.HOUSEHOLD,
    items=frozenset({Item.RELATIONSHIP}),
    copies=1,
)
H = TypeVar("H", bound=Happening)


@dataclass(slots=True)
class Asked:
    """One customer's request, and how it stands."""

    who: str
    choice: Choice
    customer: Customer
    request_id: str
    begun: Begun

    @property
    def outcome(self) -> IssuanceOutcome:
        """The answer, which must have come."""
        assert not isinstance(self.begun, Underway), f"{self.who} is still waiting"
        return self.begun


class Office:
    """架空市's server with ``setup``; ``clock`` moves by ``until`` only."""

    def __init__(self, setup: ServerSetup, mode: BundleMode = BundleMode.RECORD) -> None:
        self.events: list[ServerEvent] = []
        self.world = make_world(database=PLAIN_MEMORY, setups={CITY: setup}, listener=self.events.append)
        self.registers.change_mode(CITY, mode)
        self.model = self.world.assembled.model
        self._open: list[Asked] = []

    @property
    def registers(self) -> Registers:
        """The truth."""
        return self.world.assembled.registers

    def until(self, at_s: float) -> None:
        """Let time go on to ``at_s``, in as many steps as there are events."""
        clock, server = self.world.clock, self.model.servers.of(CITY)
        while (next_s := server.next_at_s()) is not None and next_s < at_s:
            clock.advance(max(0.0, next_s - clock.now_s()))
            server.catch_up()
            self._look()
        clock.advance(max(0.0, at_s - clock.now_s()))
        server.catch_up()
        self._look()

    def ask(self, who: str, choice: Choice = SELF_SEAL, request_id: str | None = None) -> Asked:
        """``who`` opens a session and asks, now."""
        customer = self.world.customer(who)
        return self.ask_again(who, customer, choice, request_id or fresh_request_id())

    def ask_again(self, who: str, customer: Customer, choice: Choice, request_id: str) -> Asked:
        """Ask within a session that is open."""
        request = IssuanceRequest(request_id=request_id, session_id=customer.session.session_id, choice=choice)
        asked = Asked(who, choice, customer, request_id, self.model.issue(TERMINAL, request))
        self._open.append(asked)
        return asked

    def buy(self, who: str, choice: Choice = SELF_SEAL) -> Asked:
        """``who`` asks at a terminal that waits on this clock, until the answer comes."""
        customer = self.world.customer(who)
        customer.centre = InProcessCentre(self.model, TERMINAL, wait=self.world.clock.advance)
        request_id = fresh_request_id()
        outcome = customer.centre.issue(request_id, customer.session.session_id, choice)
        return Asked(who, choice, customer, request_id, outcome)

    def told(self, asked: Asked) -> Told:
        """What a terminal's gates say to what came."""
        reply = asked.outcome
        assert isinstance(reply, IssuanceReply), reply
        return judged(self.world, asked.customer, asked.who, asked.choice, reply)

    def happened(self, *kinds: type[H]) -> list[H]:
        """What the server told of these kinds, in order."""
        return [event.happening for event in self.events if isinstance(event.happening, kinds)]

    def wrong(self) -> list[tuple[str, tuple[str, ...]]]:
        """Who was handed whose certificate, wherever that was wrong."""
        return [(each.resident, each.stated) for each in self.happened(FileHandedOver) if each.is_wrong]

    def _look(self) -> None:
        for asked in self._open:
            if isinstance(asked.begun, Underway):
                asked.begun = self.model.look(asked.begun)
        self._open = [asked for asked in self._open if isinstance(asked.begun, Underway)]
