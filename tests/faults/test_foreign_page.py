"""One page of another person's sheet among our own, whichever it is: Tokushima's second of three sheets (2023).

Also our own pages twice, in another order, blank, left out or too many: those tell of nobody else and fail without a finding.
"""

import io

import pikepdf
import pytest

from printer_templates.records import ResidenceRecord, Scope
from simulator.explore.gates.spoiling import changed, rearranged, sides
from simulator.people.residents import Resident, resident
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, Passed
from tests.gates_world import Served, household, residence_record, serve
from tests.sheets_kit import drawn, gate_c, somebody_elses, told, with_side

PAGES = 3


def three_pages(key: str = "large-1") -> Served:
    """A session with a certificate of three pages: nine chosen members of the large household."""
    person = resident(key)
    return serve(key, _record_of(person, household(person)[:9]))


def _record_of(person: Resident, chosen: tuple[Resident, ...]) -> ResidenceRecord:
    return residence_record(person, Scope.MEMBERS, chosen=chosen)


def another_three_pages() -> bytes:
    """The like certificate of somebody else, of the same form and length, as the server holds it."""
    strangers = tuple(
        resident(key) for key in ("twin-1", "twin-2", "father", "son", "head", "adult", "child", "tsuji", "yoshida")
    )
    return drawn(somebody_elses(serve("twin-1", _record_of(strangers[0], strangers))).bundle)


def test_three_pages_of_our_own_pass() -> None:
    served = three_pages()
    assert sides(drawn(served.bundle)) == 2 * PAGES
    assert isinstance(gate_c(drawn(served.bundle), served), Passed)


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_one_foreign_front_among_three_is_a_finding_whichever_it_is(page: int) -> None:
    served = three_pages()
    side = 2 * (page - 1)
    result = gate_c(with_side(drawn(served.bundle), side, another_three_pages(), side), served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_REQUEST
    assert {finding.field.split(": ")[0] for finding in told(result)} == {
        f"copy 1 page {page} front",
        f"copy 1 page {page} back",
    }


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_one_foreign_back_among_three_is_a_finding_whichever_it_is(page: int) -> None:
    served = three_pages()
    side = 2 * (page - 1) + 1
    result = gate_c(with_side(drawn(served.bundle), side, another_three_pages(), side), served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_BACK
    assert {finding.field.split(": ")[0] for finding in told(result)} == {f"copy 1 page {page} back"}


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_one_foreign_sheet_of_front_and_back_is_a_finding(page: int) -> None:
    served = three_pages()
    pdf, other = drawn(served.bundle), another_three_pages()
    for side in (2 * page - 2, 2 * page - 1):
        pdf = with_side(pdf, side, other, side)
    assert isinstance(gate_c(pdf, served), Different)


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_a_page_that_our_own_drawing_filled_with_another_persons_data_is_a_finding(page: int) -> None:
    served = three_pages()
    record = served.bundle.record
    assert isinstance(record, ResidenceRecord)
    persons = list(record.persons)
    strangers = [resident(key).basic_four for key in ("twin-1", "father", "tsuji")]
    for slot, stranger in enumerate(strangers):
        index = 3 * (page - 1) + slot
        persons[index] = persons[index].model_copy(update={"basic": stranger})
    mixed = record.model_copy(update={"persons": tuple(persons)})
    result = gate_c(drawn(served.bundle, record=mixed), served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_FIELD
    assert {finding.field.split(": ")[0] for finding in told(result)} == {f"copy 1 page {page} front"}


@pytest.mark.parametrize(
    "order",
    [(0, 1, 0, 1, 4, 5), (0, 1, 4, 5, 2, 3), (2, 3, 4, 5, 0, 1), (0, 3, 2, 1, 4, 5)],
    ids=["first page twice", "two pages exchanged", "all moved on", "two backs exchanged"],
)
def test_our_own_pages_in_a_wrong_order_fail_without_a_finding(order: tuple[int, ...]) -> None:
    served = three_pages()
    pdf = drawn(served.bundle)
    result = gate_c(rearranged([(pdf, side) for side in order]), served)
    assert isinstance(result, Failed)
    assert result.code is Reason.WRONG_PAGE_NUMBER


@pytest.mark.parametrize("side", range(2 * PAGES))
def test_a_blank_side_fails(side: int) -> None:
    served = three_pages()
    result = gate_c(with_side(drawn(served.bundle), side, _blank(), 0), served)
    assert isinstance(result, Failed)
    assert result.code in (Reason.PAGE_BLANK, Reason.BACK_MISSING, Reason.MISSING_GLYPH)


@pytest.mark.parametrize("left_out", [(5,), (4, 5), (0, 1), (1, 3, 5)])
def test_sides_left_out_fail(left_out: tuple[int, ...]) -> None:
    served = three_pages()
    pdf = drawn(served.bundle)
    kept = [(pdf, side) for side in range(2 * PAGES) if side not in left_out]
    result = gate_c(rearranged(kept), served)
    assert isinstance(result, Failed | Different)
    assert result.code in (Reason.WRONG_PAGE_COUNT, Reason.WRONG_PAGE_NUMBER, Reason.OTHER_BACK)


def test_a_side_too_many_fails_and_is_a_finding_when_it_is_somebody_elses() -> None:
    served = three_pages()
    pdf = drawn(served.bundle)
    own = gate_c(rearranged([*((pdf, side) for side in range(6)), (pdf, 0)]), served)
    assert isinstance(own, Failed)
    assert own.code is Reason.WRONG_PAGE_COUNT
    foreign = gate_c(rearranged([*((pdf, side) for side in range(6)), (another_three_pages(), 2)]), served)
    assert isinstance(foreign, Different)
    assert foreign.code is Reason.OTHER_DOCUMENT_NUMBER


def test_a_second_person_written_over_a_page_is_a_finding() -> None:
    """Text that the drawing never placed: its own digest no longer holds, and the words stand where no field is."""
    served = three_pages()

    def write_over(document: pikepdf.Pdf) -> None:
        page = document.pages[2]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources.Font.Other = font
        page.contents_add(b"q BT /Other 9 Tf 320 640 Td (FUTABA MIHON) Tj ET Q")

    result = gate_c(changed(drawn(served.bundle), write_over), served)
    assert isinstance(result, Different)
    assert {Reason.OTHER_CONTENT, Reason.TEXT_OUTSIDE_FIELDS} & {finding.reason for finding in told(result)}


def _blank() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595.276, 841.89))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
