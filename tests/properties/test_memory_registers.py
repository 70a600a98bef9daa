"""Registers and request book in plain memory answer every call as those in a database do, in whatever order the calls come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from printer_templates.records import CertificateKind, Scope
from simulator.centre.facts import CardState, Registration
from simulator.centre.memory_book import MemoryRequestBook
from simulator.centre.registers import IN_MEMORY, PLAIN_MEMORY, Registers
from simulator.centre.request_book import RequestBook
from simulator.centre.seed import seed
from terminal.centre.messages import BundleMode, CardIdentity, Choice, DeliveryOutcome, DeliveryReport, FindingReport
from terminal.clock import ManualClock
from tests.centre_world import NOW

WHO = ("head", "adult", "tsuji", "outsider")
CARDS = tuple(CardIdentity.model_construct(issuer_key_id=b"SPECIMEN", serial=number) for number in (1, 2, 3))
CHOICES = tuple(Choice(kind=kind, scope=Scope.SELF, copies=1) for kind in CertificateKind)

deeds = st.one_of(
    st.tuples(st.just("card"), st.sampled_from(CARDS), st.sampled_from(WHO)),
    st.tuples(st.just("suspend"), st.sampled_from(CARDS), st.sampled_from(WHO)),
    st.tuples(st.just("household"), st.sampled_from(WHO), st.sampled_from(["H-MIHON", "H-new"])),
    st.tuples(st.just("marry"), st.sampled_from(WHO), st.sampled_from(["見本\u3000甲", "見本\u3000乙"])),
    st.tuples(st.just("unseal"), st.sampled_from(WHO), st.none()),
    st.tuples(st.just("die"), st.sampled_from(WHO), st.none()),
    st.tuples(st.just("remove"), st.sampled_from(WHO), st.none()),
    st.tuples(st.just("add"), st.sampled_from(WHO), st.sampled_from(["99101", "99102"])),
    st.tuples(st.just("mode"), st.sampled_from(["99101", "99102", "99109"]), st.sampled_from(BundleMode)),
    st.tuples(st.just("limit"), st.sampled_from(["T-1", "T-2"]), st.sampled_from(["99101", "99102"])),
    st.tuples(st.just("undone"), st.sampled_from(WHO), st.sampled_from(CARDS)),
)


def _do(registers: Registers, what: str, one: object, other: object) -> str:
    """What came of it: nothing, or the kind of the error."""
    calls: dict[str, Callable[[], None]] = {
        "card": lambda: registers.register_card(_card(one), Registration(str(other), CardState.VALID)),
        "suspend": lambda: registers.register_card(_card(one), Registration(str(other), CardState.SUSPENDED)),
        "household": lambda: registers.change_person(str(one), household=str(other)),
        "marry": lambda: registers.marry(str(one), str(other)),
        "unseal": lambda: registers.cancel_seal(str(one)),
        "die": lambda: registers.record_death(str(one), date(2026, 4, 1)),
        "remove": lambda: registers.remove_person(str(one)),
        "add": lambda: registers.put_person(replace(_SOMEBODY, key=str(one)), str(other)),
        "mode": lambda: registers.change_mode(str(one), BundleMode(str(other))),
        "limit": lambda: registers.limit_terminal(str(one), str(other)),
        "undone": lambda: _undone(registers, str(one), _card(other)),
    }
    try:
        calls[what]()
    except KeyError:
        return "KeyError"
    except Exception as error:
        # A foreign key that leads nowhere is the database's IntegrityError and a dictionary's KeyError.
        return "KeyError" if type(error).__name__ == "IntegrityError" else type(error).__name__
    return ""


def _undone(registers: Registers, who: str, card: CardIdentity) -> None:
    with registers.at_once():
        registers.register_card(card, Registration(who, CardState.REVOKED))
        registers.change_person(who, household="H-undone")
        registers.change_mode("99101", BundleMode.DOCUMENT)
        registers.municipality("99101")
        registers.remove_person(who)
        raise ValueError


def _card(value: object) -> CardIdentity:
    assert isinstance(value, CardIdentity)
    return value


def _seen(registers: Registers) -> list[object]:
    people: list[object] = []
    for who in WHO:
        try:
            people.append(registers.person(who))
        except KeyError:
            people.append(None)
    changes = [(change.kind, change.resident_key, change.at_s) for change in registers.changes]
    return [
        *people,
        *(registers.applicant(card) for card in CARDS),
        *(registers.limit_of(terminal) for terminal in ("T-1", "T-2")),
        registers.municipality("99101"),
        changes,
    ]


def _fresh(url: str) -> Registers:
    registers = Registers(url, ManualClock(NOW))
    seed(registers, [], NOW.date())
    return registers


_SOMEBODY = _fresh(PLAIN_MEMORY).person("tsuji")


@settings(max_examples=25, deadline=None)
@given(st.lists(deeds, max_size=12))
def test_registers_in_plain_memory_are_those_of_a_database(acts: list[tuple[str, object, object]]) -> None:
    shelves = [_fresh(IN_MEMORY), _fresh(PLAIN_MEMORY)]
    for act in acts:
        ends = {_do(registers, *act) for registers in shelves}
        assert len(ends) == 1, (act, ends)
    database, memory = (_seen(registers) for registers in shelves)
    assert memory == database
    shelves[0].close()


requests = st.sampled_from(["a" * 32, "b" * 32])
terminals = st.sampled_from(["T-1", "T-2"])
entries = st.one_of(
    st.tuples(st.just("issue"), requests, terminals, st.sampled_from(CHOICES)),
    st.tuples(st.just("cancel"), requests, terminals, st.none()),
    st.tuples(st.just("report"), requests, terminals, st.sampled_from(DeliveryOutcome)),
    st.tuples(st.just("find"), requests, terminals, st.none()),
    st.tuples(st.just("finding"), requests, terminals, st.sampled_from(["one", "two"])),
)


def _enter(book: RequestBook | MemoryRequestBook, what: str, request: str, terminal: str, more: object) -> object:
    match what:
        case "issue":
            assert isinstance(more, Choice)
            return book.issue(request, terminal, "session", more, f"bundle for {more.kind}")
        case "cancel":
            return book.cancel(request, terminal)
        case "report":
            outcome = DeliveryOutcome(str(more))
            return book.report(DeliveryReport(request_id=request, outcome=outcome), terminal)
        case "finding":
            finding = FindingReport(finding_id=request, municipality_code="99101", sealed=str(more))
            return book.keep_finding(finding, terminal), book.findings("99101"), book.findings("99102")
        case _:
            return book.find(request), book.delivery(request)


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=14))
def test_the_request_book_in_plain_memory_is_that_of_a_database(acts: list[tuple[str, str, str, object]]) -> None:
    registers = Registers(IN_MEMORY)
    books: tuple[RequestBook, MemoryRequestBook] = RequestBook(registers), MemoryRequestBook()
    for act in acts:
        database, memory = (_enter(book, *act) for book in books)
        assert memory == database, act
    registers.close()


def test_the_book_in_plain_memory_forgets_the_oldest_that_have_ended_and_none_that_may_be_answered() -> None:
    book = MemoryRequestBook(ended_max=2)
    ids = [f"{number:032x}" for number in range(5)]
    for request_id in ids:
        book.issue(request_id, "T-1", "session", CHOICES[0], "bundle")
    for request_id in ids[1:]:
        book.cancel(request_id, "T-1")
    assert [book.find(request_id) is not None for request_id in ids] == [True, False, False, True, True]
