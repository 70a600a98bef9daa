"""The defects of real issuing servers, each by its own mechanism.

Under its trigger a wrong paper comes, rightly signed and sealed, and a gate refuses it; without the trigger, or with the right
program under the same trigger, everybody gets their own.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.records import ResidenceRecord
from simulator.centre.issuing.defects import (
    CertificateLinkedToAnother,
    ContinuationPagesShared,
    EraTableNotFetched,
    FileNamedByTheSecond,
    OutputAreaNotCleared,
    SealImageMissing,
    SequencePerServer,
    SharedLinkObject,
    SynchronisationFailsSilently,
    SynchronisationOverwritesTheWorkArea,
    TimeoutReleasesOnlyTheOrderLock,
)
from simulator.centre.issuing.events import (
    ErrorExplainedAway,
    ErrorNoted,
    FileMissing,
    FileWritten,
    OrderCancelled,
    PageFileWritten,
    PrintOrderLockReleased,
    PrintWaitTimedOut,
    WorkAreaOverwritten,
)
from simulator.centre.issuing.named import ACCIDENTS, broken
from simulator.centre.issuing.setup import ServerSetup, SyncPlan
from terminal.centre.api import CentreFailed
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import BundleMode, IssuanceReply
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, Gate, Passed
from tests.centre_world import NOW, SELF_SEAL, TERMINAL
from tests.issuing_kit import CITY, FAMILY, Asked, Office

MODES = pytest.mark.parametrize("mode", BundleMode)
WHERE = {BundleMode.RECORD: Gate.SUBJECT, BundleMode.DOCUMENT: Gate.SHEETS}
"""Which gate sees a foreign certificate: the record does not fit the card, or the sheet not the record."""


def right(office: Office, *asked: Asked) -> None:
    """Everybody got their own, and it would be printed."""
    for each in asked:
        assert isinstance(office.told(each).end, Passed), each.who
    assert office.wrong() == []


def refused_as_foreign(office: Office, asked: Asked, mode: BundleMode, whose: str) -> None:
    """``asked`` was handed ``whose`` certificate, in an envelope that opens, and a gate calls it another person's."""
    assert (asked.who, (whose,)) in office.wrong()
    told = office.told(asked)
    assert told.envelope is None
    assert isinstance(told.end, Different)
    assert told.end.gate is WHERE[mode]


def two_families(office: Office, second_s: float) -> tuple[Asked, Asked]:
    """One asks now, another at ``second_s``, and both have had their answers."""
    early = office.ask("yoshida", FAMILY)
    office.until(second_s)
    later = office.ask("takahashi", FAMILY)
    office.until(3)
    return early, later


# 横浜

BUSY_PRINT = ServerSetup(print_s=4, print_wait_limit_s=10)


def a_rush(office: Office) -> tuple[list[Asked], list[Asked]]:
    """Three at once, of whom the third waits too long for its print; then two more, whose prints come out next."""
    first = [office.ask(who) for who in ("head", "takahashi", "yoshida")]
    office.until(10.5)
    later = [office.ask("watanabe-1"), office.ask("tsuji")]
    office.until(30)
    return first, later


@MODES
def test_yokohama_a_time_out_that_frees_only_the_print_order_hands_over_the_next_applicants_file(
    mode: BundleMode,
) -> None:
    office = Office(replace(BUSY_PRINT, defects=(TimeoutReleasesOnlyTheOrderLock(),)), mode)
    (one, two, late), (next_one, after_next) = a_rush(office)
    for fine in (one, two):
        assert isinstance(office.told(fine).end, Passed)
    refused_as_foreign(office, late, mode, "watanabe-1")
    refused_as_foreign(office, next_one, mode, "tsuji")
    assert not isinstance(after_next.begun, IssuanceReply), "the last in line has nobody's file to come"
    assert office.happened(PrintWaitTimedOut, PrintOrderLockReleased)[:2] == [
        PrintWaitTimedOut(3),
        PrintOrderLockReleased(3),
    ]


def test_yokohama_the_right_program_cancels_the_whole_request_and_the_next_get_their_own() -> None:
    office = Office(BUSY_PRINT)
    (one, two, late), later = a_rush(office)
    assert isinstance(late.outcome, CentreFailed)
    assert late.outcome.code is CentreErrorCode.BUSY
    assert office.happened(OrderCancelled) == [OrderCancelled(3, "print wait")]
    right(office, one, two, *later)


def test_yokohama_without_load_nothing_happens() -> None:
    office = Office(replace(BUSY_PRINT, defects=(TimeoutReleasesOnlyTheOrderLock(),)))
    asked = []
    for step, who in enumerate(("head", "takahashi", "yoshida", "watanabe-1", "tsuji")):
        asked.append(office.ask(who))
        office.until(5.0 * (step + 1))
    right(office, *asked)


# 足立

COUPLED = ServerSetup(render_s=2, sync=SyncPlan(nightly_at=None, continual_every_s=5))


def one_who_asks_while_another_moves(office: Office, at_s: float) -> Asked:
    office.until(3)
    office.registers.move("takahashi", "見本県架空市見本町一丁目3番9号")
    office.until(at_s)
    asked = office.ask("head")
    office.until(at_s + 3)
    return asked


@MODES
def test_adachi_a_synchronisation_during_the_writing_puts_another_resident_into_the_certificate(
    mode: BundleMode,
) -> None:
    defect = SynchronisationOverwritesTheWorkArea(error_first=False)
    office = Office(replace(COUPLED, defects=(defect,)), mode)
    asked = one_who_asks_while_another_moves(office, 4)
    assert office.happened(WorkAreaOverwritten) == [WorkAreaOverwritten(1, "takahashi")]
    assert office.wrong() == [("head", ("takahashi",))]
    told = office.told(asked)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SUBJECT


def test_adachi_the_error_is_noted_explained_away_and_the_second_try_prints_the_others() -> None:
    office = Office(replace(COUPLED, defects=(SynchronisationOverwritesTheWorkArea(),)))
    first = one_who_asks_while_another_moves(office, 4)
    assert isinstance(first.outcome, CentreFailed)
    assert first.outcome.code is CentreErrorCode.INTERNAL
    second = office.ask("head")
    office.until(12)
    assert office.wrong() == [("head", ("takahashi",))]
    assert isinstance(office.told(second).end, Different)
    third = office.ask("head")
    office.until(20)
    assert isinstance(office.told(third).end, Passed)
    assert office.happened(ErrorNoted, ErrorExplainedAway) == [ErrorNoted(1), ErrorExplainedAway(2, 1)]


def test_adachi_the_right_program_has_a_work_area_for_each_request() -> None:
    office = Office(COUPLED)
    right(office, one_who_asks_while_another_moves(office, 4))


@pytest.mark.parametrize("at_s", [5.5, 2.5], ids=["after the synchronisation", "and written before it"])
def test_adachi_apart_from_the_synchronisation_nothing_happens(at_s: float) -> None:
    office = Office(replace(COUPLED, defects=(SynchronisationOverwritesTheWorkArea(),)))
    if at_s > 5:
        right(office, one_who_asks_while_another_moves(office, at_s))
    else:
        asked = office.ask("head")
        one_who_asks_while_another_moves(office, 6)
        right(office, asked)


def test_adachi_a_request_that_was_cancelled_has_no_work_area_any_more() -> None:
    office = Office(replace(COUPLED, defects=(SynchronisationOverwritesTheWorkArea(),)))
    office.until(3)
    office.registers.move("takahashi", "見本県架空市見本町一丁目3番9号")
    office.until(4)
    office.model.cancel(TERMINAL, office.ask("head").request_id)
    office.until(8)
    assert office.happened(WorkAreaOverwritten) == []


# 川崎


@MODES
def test_kawasaki_of_two_requests_in_one_second_the_later_overwrites_the_earlier(mode: BundleMode) -> None:
    office = Office(ServerSetup(print_s=0.5, defects=(FileNamedByTheSecond(),)), mode)
    office.until(0.1)
    early = office.ask("yoshida", FAMILY)
    office.until(0.3)
    later = office.ask("takahashi", FAMILY)
    office.until(3)
    refused_as_foreign(office, early, mode, "takahashi")
    assert isinstance(office.told(later).end, Passed)
    assert office.happened(FileWritten)[1] == FileWritten(2, "100000", overwrote=1)


@pytest.mark.parametrize(
    ("setup", "second_s"),
    [
        (ServerSetup(print_s=0.5), 0.95),
        (ServerSetup(print_s=0.5, defects=(FileNamedByTheSecond(),)), 1.05),
        (ServerSetup(print_s=0.1, defects=(FileNamedByTheSecond(),)), 0.95),
    ],
    ids=["right program", "in two seconds", "handed over before"],
)
def test_kawasaki_otherwise_everybody_gets_their_own(setup: ServerSetup, second_s: float) -> None:
    office = Office(setup)
    office.until(0.75)
    early, later = two_families(office, second_s)
    right(office, early, later)


def test_kawasaki_a_file_of_another_kind_cannot_be_handed_over() -> None:
    office = Office(ServerSetup(print_s=0.5, defects=(FileNamedByTheSecond(),)))
    early = office.ask("yoshida", FAMILY)
    office.registers.change_mode(CITY, BundleMode.DOCUMENT)
    later = office.ask("takahashi", FAMILY)
    office.until(3)
    assert isinstance(early.outcome, CentreFailed)
    assert early.outcome.code is CentreErrorCode.INTERNAL
    assert office.happened(FileMissing) == [FileMissing(1)]
    assert isinstance(office.told(later).end, Passed)


# 徳島


def two_of_several_sheets(defective: bool, mode: BundleMode, between_s: float) -> tuple[Office, Asked, Asked]:
    """Another's certificate of two sheets is in the making when one of three begins (in document mode: five)."""
    defects = (ContinuationPagesShared(),) if defective else ()
    office = Office(ServerSetup(render_s=5, defects=defects), mode)
    other, large = ("father", "head") if mode is BundleMode.RECORD else ("head", "large-1")
    child = office.registers.person("child")
    for number in (2, 3, 4) if mode is BundleMode.DOCUMENT else ():
        basic = child.basic.model_copy(update={"name": f"見本\u3000架空子{'一二三四五'[number]}"})
        office.registers.put_person(replace(child, key=f"child-{number}", position=900 + number, basic=basic), CITY)
    foreign = office.ask(other, FAMILY)
    office.until(between_s)
    asked = office.ask(large, FAMILY)
    office.until(between_s + 10)
    return office, foreign, asked


@MODES
def test_tokushima_the_second_sheet_is_another_persons(mode: BundleMode) -> None:
    office, foreign, asked = two_of_several_sheets(True, mode, between_s=1)
    assert isinstance(office.told(foreign).end, Passed)
    assert office.wrong() == [(asked.who, (asked.who, foreign.who))]
    told = office.told(asked)
    assert isinstance(told.end, Different)
    assert told.end.gate is WHERE[mode]
    if mode is BundleMode.DOCUMENT:
        pages = {finding.field.split(":")[0] for finding in told.end.findings if finding.reason is Reason.OTHER_REQUEST}
        assert any("page 2" in page for page in pages)
        assert not any(f"page {page}" in " ".join(pages) for page in (1, 3, 4, 5))
    else:
        reply = asked.outcome
        assert isinstance(reply, IssuanceReply)
        record = asked.customer.open(reply).bundle.record
        assert isinstance(record, ResidenceRecord)
        names = [person.basic.name for person in record.persons]
        assert names == ["見本\u3000太郎", "襲名\u3000見本", "見本\u3000一郎"]
    assert PageFileWritten(1, 2, overwrote=2) in office.happened(PageFileWritten)


@pytest.mark.parametrize(("defective", "between_s"), [(False, 1.0), (True, 6.0)], ids=["right program", "one by one"])
def test_tokushima_otherwise_every_sheet_is_ones_own(defective: bool, between_s: float) -> None:
    office, foreign, asked = two_of_several_sheets(defective, BundleMode.RECORD, between_s)
    right(office, foreign, asked)


# 新潟, さいたま, 熊本


def test_niigata_a_cancelled_seal_from_a_copy_that_is_honest_about_its_age_is_refused() -> None:
    defect = SynchronisationFailsSilently(since=NOW + timedelta(minutes=4))
    office = Office(ServerSetup(sync=SyncPlan(continual_every_s=60), defects=(defect,)))
    office.until(300)
    office.registers.cancel_seal("head")
    office.until(400)
    # For an hour a copy may lag: so long nobody can tell.
    assert isinstance(office.told(office.ask("head")).end, Passed)
    office.until(300 + 3600)
    told = office.told(office.ask("head"))
    assert isinstance(told.end, Failed)
    assert told.end.code is Reason.REGISTER_TOO_OLD


@pytest.mark.parametrize("what", ["everything", "seals"])
def test_niigata_a_copy_that_calls_itself_current_no_terminal_can_see_through(what: str) -> None:
    # Kept as the limit of what a terminal can know: the register is the municipality's.
    defect = (
        SynchronisationFailsSilently(claims="now")
        if what == "everything"
        else SynchronisationFailsSilently(what="seals")
    )
    office = Office(ServerSetup(sync=SyncPlan(), defects=(defect,)))
    office.registers.cancel_seal("head")
    office.until(7200)
    assert isinstance(office.told(office.ask("head")).end, Passed)


def test_niigata_a_cancelling_that_was_missed_years_ago_is_served_and_too_old() -> None:
    defect = SynchronisationFailsSilently(missed_cancellations=("cancelled-seal",))
    office = Office(ServerSetup(defects=(defect,)))
    told = office.told(office.ask("cancelled-seal"))
    assert isinstance(told.end, Failed)
    assert told.end.code is Reason.REGISTER_TOO_OLD


# 宗像

SLOW_FOR_MANY = ServerSetup(print_s=0.5, per_person_s=0.2)


def one_after_the_other(office: Office, second: str) -> tuple[Asked, Asked]:
    before = office.ask("takahashi", FAMILY)
    office.until(2)
    asked = office.ask(second, FAMILY)
    office.until(20)
    return before, asked


@MODES
def test_munakata_who_waits_long_for_the_print_is_handed_what_the_last_one_left(mode: BundleMode) -> None:
    office = Office(replace(SLOW_FOR_MANY, defects=(OutputAreaNotCleared(),)), mode)
    before, asked = one_after_the_other(office, "large-1")
    assert isinstance(office.told(before).end, Passed)
    refused_as_foreign(office, asked, mode, "takahashi")


@pytest.mark.parametrize(
    ("setup", "second"),
    [(SLOW_FOR_MANY, "large-1"), (replace(SLOW_FOR_MANY, defects=(OutputAreaNotCleared(),)), "yoshida")],
    ids=["right program", "a quick print"],
)
def test_munakata_otherwise_everybody_gets_their_own(setup: ServerSetup, second: str) -> None:
    office = Office(setup)
    right(office, *one_after_the_other(office, second))


# 高松


@MODES
def test_takamatsu_two_servers_at_the_same_number_write_the_same_file(mode: BundleMode) -> None:
    office = Office(ServerSetup(servers=2, print_s=0.5, defects=(SequencePerServer(),)), mode)
    early, later = two_families(office, 0.2)
    refused_as_foreign(office, early, mode, "takahashi")
    assert isinstance(office.told(later).end, Passed)


@pytest.mark.parametrize(
    ("setup", "second_s"),
    [
        (ServerSetup(servers=1, print_s=0.5, defects=(SequencePerServer(),)), 0.2),
        (ServerSetup(servers=2, print_s=0.5), 0.2),
        (ServerSetup(servers=2, print_s=0.5, defects=(SequencePerServer(),)), 0.6),
    ],
    ids=["one server", "right program", "not at once"],
)
def test_takamatsu_otherwise_everybody_gets_their_own(setup: ServerSetup, second_s: float) -> None:
    office = Office(setup)
    early, later = two_families(office, second_s)
    right(office, early, later)


# 政府24


@MODES
def test_korea_a_shared_link_object_set_by_another_user_reads_the_others_entry(mode: BundleMode) -> None:
    office = Office(ServerSetup(read_s=1, defects=(SharedLinkObject(),)), mode)
    early, later = two_families(office, 0.5)
    assert office.wrong() == [("yoshida", ("takahashi",))]
    told = office.told(early)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SUBJECT
    assert isinstance(office.told(later).end, Passed)


@pytest.mark.parametrize(
    ("setup", "second_s"),
    [(ServerSetup(read_s=1), 0.5), (ServerSetup(read_s=1, defects=(SharedLinkObject(),)), 1.1)],
    ids=["right program", "one by one"],
)
def test_korea_otherwise_everybody_gets_their_own(setup: ServerSetup, second_s: float) -> None:
    office = Office(setup)
    early, later = two_families(office, second_s)
    right(office, early, later)


# 総社, 大阪


def test_soja_after_the_update_the_seal_is_missing() -> None:
    setup = ServerSetup(defects=(SealImageMissing(since=NOW + timedelta(seconds=60)),))
    records, documents = Office(setup), Office(setup, BundleMode.DOCUMENT)
    right(records, records.ask("head"))
    right(documents, documents.ask("head"))
    records.until(60)
    documents.until(60)
    with pytest.raises(FormError) as caught:
        records.told(records.ask("head"))
    assert caught.value.code == FormErrorCode.BAD_IMAGE
    told = documents.told(documents.ask("head"))
    assert not isinstance(told.end, Passed)
    assert told.end.gate is Gate.SHEETS


def test_osaka_some_machines_count_on_in_heisei() -> None:
    setup = ServerSetup(servers=3, defects=(EraTableNotFetched((2,)),))
    office = Office(setup, BundleMode.DOCUMENT)
    told = [
        office.told(office.ask("head", choice)) for choice in (SELF_SEAL, SELF_SEAL, FAMILY, FAMILY, FAMILY, FAMILY)
    ]
    assert [isinstance(each.end, Passed) for each in told] == [True, False, True, True, False, True]
    found = told[1].end
    assert isinstance(found, Different)
    assert {finding.field.split(": ")[-1] for finding in found.findings if finding.reason is Reason.OTHER_FIELD} >= {
        "date of issue"
    }
    # A record holds no eras: what the terminal prints from it is right, whatever machine sent it.
    records = Office(setup)
    right(records, *(records.ask("head") for _ in range(3)))


# 健康保険証


def test_a_certificate_linked_to_a_namesake_is_another_persons_session_and_the_card_tells() -> None:
    office = Office(ServerSetup(defects=(CertificateLinkedToAnother("same-name-1", "same-name-2"),)))
    right(office, office.ask("same-name-2"))
    asked = office.ask("same-name-1")
    assert office.wrong() == [("same-name-1", ("same-name-2",))]
    told = office.told(asked)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SUBJECT
    assert told.end.code is Reason.OTHER_ADDRESS


# By name, with one customer at one terminal

CUSTOMERS = {"niigata": "cancelled-seal", "niigata-current": "cancelled-seal", "wrong-link": "same-name-1"}


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_by_name_happens_to_one_customer_at_one_terminal(name: str) -> None:
    mode = BundleMode.DOCUMENT if name in ("osaka", "soja") else BundleMode.RECORD
    office = Office(broken(name), mode)
    who, choice = CUSTOMERS.get(name, "head"), SELF_SEAL if "niigata" in name else FAMILY
    asked = office.buy(who, choice)
    if name == "adachi":
        assert isinstance(asked.outcome, CentreFailed)
        asked = office.buy(who, choice)
    found = office.told(asked).end
    if name == "niigata-current":
        assert isinstance(found, Passed), "kept as the limit of what a terminal can know"
    else:
        assert isinstance(found, Failed if name in ("niigata", "soja") else Different)
    assert bool(office.wrong()) == (name not in ("niigata", "niigata-current", "soja", "osaka"))


@pytest.mark.parametrize("name", [name for name, setup in ACCIDENTS.items() if setup.company is not None])
def test_in_the_same_company_the_right_program_is_right(name: str) -> None:
    office = Office(replace(broken(name), defects=()))
    asked = office.buy("head", FAMILY)
    if name == "yokohama":
        assert isinstance(asked.outcome, CentreFailed)
        assert office.wrong() == []
    else:
        right(office, asked)
