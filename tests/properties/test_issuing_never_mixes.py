"""Whatever the load, the limits, the cancellations and the changes of the register: a healthy server mixes nobody up.

It states the one who asked, as the register was at the moment that the bundle names, and keeps nothing of a request that has
ended.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from printer_templates.records import CertificateKind, Item, ResidenceRecord, Scope, SealRecord
from simulator.centre import policy
from simulator.centre.facts import Applicant, CardState, Person, Registration, SealState
from simulator.centre.ids import SeededIds, opaque
from simulator.centre.issuing.events import FileHandedOver, ServerEvent
from simulator.centre.issuing.jobs import Handed, Job, Order
from simulator.centre.issuing.server import IssuingServer, Remains, ServerParts
from simulator.centre.issuing.setup import Company, ServerSetup, SyncPlan
from simulator.centre.issuing.writing import Writer
from simulator.centre.pki import CentrePki, load_or_create
from simulator.centre.registers import PLAIN_MEMORY, Registers
from simulator.centre.seed import MUNICIPALITY_CODES, seed
from simulator.centre.sessions import CentreSession
from simulator.people.residents import RESIDENTS
from terminal.centre.api import CentreFailed, Refused
from terminal.centre.messages import CardIdentity, Choice, RefusalCode
from terminal.centre.session_key import SessionKey
from terminal.clock import ManualClock
from tests.centre_world import NOW, shared_home

PEOPLE = ("head", "adult", "takahashi", "yoshida", "father", "son", "large-1", "large-2", "twin-1")
KEYS = [resident.key for resident in RESIDENTS if resident.municipality_code == "99101"]
FAR = datetime.max.replace(tzinfo=NOW.tzinfo)
SESSION_KEY = SessionKey().jwk
EXACT_S = 1e-5
"""Clocks are advanced by differences: what happened this near may have been before or after."""

times_s = st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.5])
setups = st.builds(
    ServerSetup,
    servers=st.integers(1, 3),
    workers=st.integers(1, 4),
    queue_limit=st.integers(0, 6),
    read_s=times_s,
    render_s=times_s,
    print_s=times_s,
    per_person_s=st.sampled_from([0.0, 0.2]),
    print_wait_limit_s=st.sampled_from([0.5, 2.0, 5.0, 60.0]),
    answer_limit_s=st.sampled_from([3.0, 30.0]),
    cache_s=st.sampled_from([0.0, 0.0, 4.0]),
    sync=st.sampled_from([None, SyncPlan(None, 1.7, ("tsuji",)), SyncPlan(continual_every_s=6.0)]),
    company=st.sampled_from([None, None, Company(("watanabe-1", "tsuji"), 1, (0.3,))]),
)
asks = st.tuples(st.just("ask"), st.sampled_from(PEOPLE), st.sampled_from(["seal", "family", "self"]))
cancels = st.tuples(st.just("cancel"), st.integers(0, 9), st.none())
changes = st.tuples(
    st.sampled_from(["move", "marry", "seal", "leave", "die"]), st.sampled_from(PEOPLE), st.integers(1, 99)
)
passes = st.tuples(st.just("wait"), st.sampled_from([0.05, 0.4, 1.0, 3.0]), st.none())
stories = st.lists(st.one_of(asks, asks, passes, passes, cancels, changes), min_size=3, max_size=40)


@dataclass
class Story:
    """A server, a clock, and what was true when."""

    setup: ServerSetup
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    events: list[ServerEvent] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = SeededIds(7)
        self.registers = Registers(PLAIN_MEMORY, self.clock)
        seed(self.registers, [], NOW.date())
        for number, key in enumerate(KEYS, 1):
            self.registers.register_card(_card(number), Registration(key, CardState.VALID))
        self.truths: list[tuple[float, dict[str, Person]]] = []
        self.note()
        writer = Writer(_pki(), self.ids)
        parts = ServerParts(self.registers, writer, self.clock, self.ids, _entitled, self.events.append)
        self.server = IssuingServer("99101", self.setup, parts)

    def note(self) -> None:
        self.truths.append((self.clock.now_s(), {key: self.registers.person(key) for key in KEYS}))

    def act(self, what: str, whom: object, more: object) -> None:
        match what, whom, more:
            case "ask", str(who), str(kind):
                self.ask(who, kind)
            case "cancel", int(index), _:
                if index < len(self.jobs):
                    self.server.cancel(self.jobs[index])
            case "wait", float(for_s), _:
                self.clock.advance(for_s)
                for job in self.jobs:
                    self.server.look(job)
            case _, str(who), int(number):
                self.change(what, who, number)
                self.note()
            case _:
                raise AssertionError(what)

    def ask(self, who: str, kind: str) -> None:
        registered = self.registers.applicant(_card(KEYS.index(who) + 1))
        assert registered is not None
        known = self.server.holder(registered)
        assert known is not None
        session = CentreSession(
            session_id=opaque(self.ids),
            terminal_id="SPECIMEN-0001",
            card=_card(KEYS.index(who) + 1),
            resident_key=who,
            municipality_code="99101",
            certificate_not_after=FAR,
            session_key=SESSION_KEY,
            expires_at=FAR,
            offers={},
            member_ids={person.key: opaque(self.ids) for person in known.household},
        )
        self.jobs.append(self.server.accept(Order(opaque(self.ids), _CHOICES[kind], who, session)))

    def change(self, what: str, who: str, number: int) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "move": lambda: self.registers.move(who, f"見本県架空市見本町一丁目{number}番"),
            "marry": lambda: self.registers.marry(who, f"見本\u3000改名{'一二三四五六七八九'[number % 9]}"),
            "leave": lambda: self.registers.change_person(who, household=f"H-{number}"),
            "die": lambda: self.registers.record_death(who, date(2026, 4, 1)),
            "seal": lambda: self.registers.cancel_seal(who),
        }
        deeds[what]()

    def household_at(self, who: str, at_s: float) -> list[list[Person]]:
        """The households that were true at that moment: one, or two when it changed just then."""
        ends = [begun_s for begun_s, _ in self.truths[1:]] + [float("inf")]
        return [
            [
                person
                for person in sorted(truth.values(), key=lambda person: person.position)
                if person.household == truth[who].household and person.deceased_on is None
            ]
            for (begun_s, truth), end_s in zip(self.truths, ends, strict=True)
            if begun_s - EXACT_S <= at_s <= end_s + EXACT_S
        ]


@settings(max_examples=200, deadline=None)
@given(setups, stories)
def test_a_healthy_server_states_whoever_asked_as_they_were(
    setup: ServerSetup, acts: list[tuple[str, object, object]]
) -> None:
    story = Story(setup)
    for act in acts:
        story.act(*act)
    story.clock.advance(setup.answer_limit_s + 60)
    for job in story.jobs:
        end = story.server.look(job)
        assert isinstance(end, Handed | Refused | CentreFailed), "every request ends"
        if isinstance(end, Handed):
            _is_ones_own(story, job, end)
    handed = [event.happening for event in story.events if isinstance(event.happening, FileHandedOver)]
    assert not [each for each in handed if each.is_wrong]
    assert len({each.order for each in handed}) == len(handed)
    assert story.server.remains() == Remains(files=0, appointments=0)


def _is_ones_own(story: Story, job: Job, end: Handed) -> None:
    content, order = end.content, job.order
    as_of_s = (content.registry_as_of - NOW).total_seconds()
    assert content.request_id == order.request_id
    assert {identity.request_id for identity in content.identities} == {order.request_id}
    assert content.issued_at >= content.registry_as_of
    households = story.household_at(order.resident_key, as_of_s)
    match content.record:
        case SealRecord() as record:
            assert any(_has_this_seal(person, record) for household in households for person in household)
        case ResidenceRecord() as record:
            stated = [person.basic for person in record.persons]
            if order.choice.scope is Scope.SELF:
                assert stated == [record.applicant]
                assert any(record.applicant == person.basic for household in households for person in household)
            else:
                assert stated in [[person.basic for person in household] for household in households]
    assert content.applicant == content.record.applicant == end.applicant.person.basic


def _has_this_seal(person: Person, record: SealRecord) -> bool:
    seal = person.seal
    if person.basic != record.applicant or seal is None:
        return False
    return (seal.number, seal.state) == (record.registration_number, SealState.REGISTERED)


_CHOICES = {
    "seal": Choice(kind=CertificateKind.SEAL_CERTIFICATE, scope=Scope.SELF, copies=1),
    "family": Choice(
        kind=CertificateKind.RESIDENCE_CERTIFICATE,
        scope=Scope.HOUSEHOLD,
        items=frozenset({Item.RELATIONSHIP}),
        copies=2,
    ),
    "self": Choice(kind=CertificateKind.RESIDENCE_RECORD_STATEMENT, scope=Scope.SELF, copies=1),
}


def _card(number: int) -> CardIdentity:
    return CardIdentity.model_construct(issuer_key_id=b"SPECIMEN", serial=number)


def _pki() -> CentrePki:
    return load_or_create(shared_home(), MUNICIPALITY_CODES)


def _entitled(session: CentreSession, choice: Choice, applicant: Applicant, now: datetime) -> Refused | None:
    case = policy.Case(applicant, None, session.certificate_not_after, now)
    refusal = policy.refusal_of_person(case) or policy.refusal_of_kind(case, choice.kind)
    if refusal is None and {person.key for person in applicant.household} != set(session.member_ids):
        refusal = RefusalCode.NOT_OFFERED
    if refusal is None and choice.kind is CertificateKind.SEAL_CERTIFICATE:
        assert applicant.person.seal is not None
        assert applicant.person.seal.state is SealState.REGISTERED
    return None if refusal is None else Refused(refusal)
