"""Reading delivered sheets back, independently of the terminal's gates: real papers of the invented residents."""

import ast
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from printer_templates.layout import attestation
from printer_templates.records import CertificateKind, Item, Record, Scope
from simulator.centre.pages import cut
from simulator.checkers.eras import era_dates, iso_date
from simulator.checkers.paper import read_sheets
from simulator.checkers.people import KnownPeople
from simulator.explore.gates.spoiling import rearranged, sides, without_picture
from simulator.page_seen import PageSeen
from simulator.people.residents import RESIDENTS, Resident, resident
from tests.checkers_kit import known
from tests.form_kit import draw, identities, residence, seal
from tests.sheets_kit import with_side

EVERYBODY = KnownPeople(map(known, RESIDENTS))
ROOT = Path(__file__).resolve().parents[2]


def read(record: Record, people: KnownPeople = EVERYBODY) -> PageSeen:
    """The one front of a paper."""
    [page] = read_sheets(draw(record).pdf, people)
    return page


def knowing(*residents: Resident) -> KnownPeople:
    return KnownPeople(map(known, residents))


@pytest.mark.parametrize("who", RESIDENTS, ids=lambda who: who.key)
def test_every_invented_resident_is_recognised_by_name_birth_date_and_address(who: Resident) -> None:
    page = read(residence(who.key))
    assert page == PageSeen(
        residents=(who.key,),
        kind="residence_certificate",
        number="99101-20261123-000001",
        my_numbers=(who.my_number and who.key,),
    )


@pytest.mark.parametrize(
    "key", ["adult", "yoshida", "katsuragi", "watanabe-1", "foreign", "long-address", "son", "twin-2"]
)
def test_a_seal_certificate_is_read_too(key: str) -> None:
    page = read(seal(key))
    assert (page.residents, page.kind, page.seal_of) == ((key,), "seal_certificate", key)
    assert page.official_seal
    assert not (page.outdated or page.strangers or page.unsure or page.my_numbers or page.era_wrong)


def test_a_record_statement_is_no_residence_certificate() -> None:
    page = read(residence("adult", kind=CertificateKind.RESIDENCE_RECORD_STATEMENT))
    assert (page.kind, page.residents) == ("residence_record_statement", ("adult",))


def test_a_household_of_14_is_read_page_by_page_and_copy_by_copy() -> None:
    keys = [f"large-{number}" for number in range(1, 15)]
    pages = read_sheets(draw(residence(*keys, scope=Scope.HOUSEHOLD), identities(2)).pdf, EVERYBODY)
    assert [(page.number[-1], page.page, page.pages) for page in pages] == [
        (str(copy), number, 5) for copy in (1, 2) for number in range(1, 6)
    ]
    assert [who for page in pages[:5] for who in page.residents] == keys


@pytest.mark.parametrize(
    ("here", "there"),
    [("twin-1", "twin-2"), ("same-name-1", "same-name-2"), ("father", "son"), ("watanabe-1", "watanabe-2")],
)
def test_people_who_are_alike_are_told_apart(here: str, there: str) -> None:
    for key in (here, there):
        page = read(residence(key, items=()))
        assert (page.residents, page.unsure, page.outdated) == ((key,), (), ())


def test_two_whom_the_registers_cannot_tell_apart_are_both_named() -> None:
    one = resident("same-name-1")
    page = read(residence("same-name-1", items=()), knowing(one, replace(one, key="double")))
    assert (page.residents, page.unsure) == ((), (("same-name-1", "double"),))


def test_a_mixture_of_father_and_son_is_either_of_them() -> None:
    son = residence("son", items=())
    mixed = son.persons[0].basic.model_copy(
        update={"birth_date": resident("father").birth_date, "address": "別の町1番"}
    )
    record = son.model_copy(update={"persons": (son.persons[0].model_copy(update={"basic": mixed}),)})
    assert read(record).residents == ("father",)
    mixed = mixed.model_copy(update={"address": resident("son").address, "birth_date": date(2001, 1, 1)})
    record = son.model_copy(update={"persons": (son.persons[0].model_copy(update={"basic": mixed}),)})
    assert read(record).unsure == (("father", "son"),)


def test_somebody_whom_no_register_knows_is_a_stranger() -> None:
    page = read(residence("twin-1", items=()), knowing(resident("twin-2")))
    assert (page.residents, page.strangers) == ((), 1)


def test_a_name_in_another_form_is_nobody() -> None:
    """渡邉 printed as 渡邊: the name of one with the birth date and the address of another."""
    record = residence("watanabe-1", items=())
    basic = record.persons[0].basic.model_copy(update={"name": resident("watanabe-2").name})
    spelt = record.model_copy(update={"persons": (record.persons[0].model_copy(update={"basic": basic}),)})
    assert (read(spelt).residents, read(spelt).strangers) == ((), 1)


def test_what_a_register_had_before_is_recognised_and_called_outdated() -> None:
    people = knowing(resident("former-name"))
    people.learn(replace(known(resident("former-name")), name="見本\u3000仮名子", address="見本県架空市新町2番"))
    page = read(residence("former-name", items=()), people)
    assert (page.residents, page.outdated) == (("former-name",), ("former-name",))
    moved = KnownPeople.of({"adult": replace(known(resident("adult")), address="見本県架空市新町2番")})
    assert read(residence("adult", items=()), moved).outdated == ("adult",)


def test_my_numbers_are_found_and_owned() -> None:
    assert read(residence("adult", items=[Item.MY_NUMBER])).my_numbers == ("adult",)
    assert read(residence("adult", items=())).my_numbers == ()
    record = residence("adult", items=[Item.MY_NUMBER])
    foreign = record.persons[0].model_copy(update={"my_number": resident("yoshida").my_number})
    assert read(record.model_copy(update={"persons": (foreign,)})).my_numbers == ("yoshida",)
    nobodys = record.persons[0].model_copy(update={"my_number": "123456789012"})
    assert read(record.model_copy(update={"persons": (nobodys,)})).my_numbers == ("",)


def test_whose_seal_it_is_tells_the_registration_number() -> None:
    foreign = seal("adult").model_copy(update={"registration_number": resident("yoshida").seal_number})
    assert read(foreign).seal_of == "yoshida"
    assert read(foreign.model_copy(update={"registration_number": "模擬第99999号"})).seal_of == ""
    numberless = KnownPeople([replace(known(resident("adult")), seal_number="")])
    assert read(seal("adult"), numberless).seal_of == "adult"


def test_a_missing_seal_is_missed() -> None:
    """Soja 2021: 73 papers without the city's seal."""
    for record, picture in ((residence("adult"), "P0"), (seal("adult"), "P1")):
        [page] = read_sheets(without_picture(draw(record).pdf, 0, picture), EVERYBODY)
        assert not page.official_seal
        assert page.residents == ("adult",)


def test_a_white_seal_with_a_speck_of_red_is_none() -> None:
    picture, buffer = Image.new("RGB", (360, 360), "white"), io.BytesIO()
    picture.paste((200, 24, 32), (2, 2, 8, 8))
    picture.save(buffer, "PNG")
    record = residence("adult")
    issuer = record.issuer.model_copy(update={"official_seal_png": buffer.getvalue()})
    assert not read(record.model_copy(update={"issuer": issuer})).official_seal


def test_the_impression_is_no_official_seal_and_the_watermark_is_none() -> None:
    [page] = read_sheets(without_picture(draw(seal("adult"), specimen=True).pdf, 0, "P1"), EVERYBODY)
    assert not page.official_seal
    [page] = read_sheets(without_picture(draw(seal("adult")).pdf, 0, "P0"), EVERYBODY)
    assert page.official_seal


def test_a_paper_without_specimen_is_told() -> None:
    assert read(residence("adult")).specimen
    for record in (residence("adult"), seal("foreign")):
        [page] = read_sheets(draw(record, specimen=False).pdf, EVERYBODY)
        assert not page.specimen


def test_heisei_31_after_heisei_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Osaka 2019-05-07: some machines had not learnt of the new era."""
    assert not read(residence("adult")).era_wrong
    monkeypatch.setattr(attestation, "era_date", lambda _day: "平成31年5月7日")
    assert read(residence("adult")).era_wrong
    assert read(seal("adult")).era_wrong
    monkeypatch.setattr(attestation, "era_date", lambda _day: "平成31年4月30日")
    assert not read(residence("adult")).era_wrong


@pytest.mark.parametrize(
    ("text", "day", "in_era"),
    [
        ("令和元年5月1日", date(2019, 5, 1), True),
        ("平成31年4月30日", date(2019, 4, 30), True),
        ("平成31年5月1日", date(2019, 5, 1), False),
        ("令和元年4月30日", date(2019, 4, 30), False),
        ("昭和64年1月7日", date(1989, 1, 7), True),
        ("平成元年1月7日", date(1989, 1, 7), False),
        ("大正15年12月25日", date(1926, 12, 25), False),
        ("明治45年7月30日", date(1912, 7, 30), False),
    ],
)
def test_eras_begin_and_end_on_their_day(text: str, day: date, in_era: bool) -> None:
    assert list(era_dates(f"発行{text}見本")) == [(day, in_era)]
    assert iso_date(text) == day.isoformat()


def test_what_is_no_date_is_none() -> None:
    assert iso_date("昭和55年2月30日") == ""
    assert iso_date("1980年1月1日") == ""
    assert iso_date("昭和55年1月1日生") == ""


# --- sheets that were mixed up

OWN = draw(residence("head", "adult", "child", scope=Scope.HOUSEHOLD)).pdf
FOREIGN = draw(seal("yoshida")).pdf


def residents(pdf: bytes) -> list[tuple[str, ...]]:
    return [page.residents for page in read_sheets(pdf, EVERYBODY)]


def test_a_foreign_sheet_among_ours_is_seen_wherever_it_lies() -> None:
    assert residents(rearranged([(OWN, 0), (OWN, 1), (FOREIGN, 0), (FOREIGN, 1)])) == [
        ("head", "adult", "child"),
        ("yoshida",),
    ]
    assert residents(with_side(OWN, 0, FOREIGN, 0)) == [("yoshida",)]


def test_a_foreign_front_on_the_back_of_our_sheet_is_seen() -> None:
    assert residents(with_side(OWN, 1, FOREIGN, 0)) == [("head", "adult", "child"), ("yoshida",)]


def test_half_a_sheet_is_read_as_far_as_it_came_out() -> None:
    assert residents(rearranged([(OWN, 0)])) == [("head", "adult", "child")]


def test_a_back_where_a_front_is_due_is_a_page_about_nobody() -> None:
    [page] = read_sheets(rearranged([(OWN, 1), (OWN, 1)]), EVERYBODY)
    assert (page.residents, page.kind, page.official_seal) == ((), "", False)


def test_an_empty_page_is_a_page_about_nobody() -> None:
    document, buffer = pdfium.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(buffer)
    assert read_sheets(buffer.getvalue(), EVERYBODY) == (PageSeen((), specimen=False, official_seal=False),)


def test_a_document_that_the_municipality_drew_and_cut_is_read_alike() -> None:
    drawn = draw(residence("outsider", "outsider-2", scope=Scope.HOUSEHOLD), identities(2))
    for copy in cut(drawn.pdf, drawn.impressions // drawn.copies):
        assert sides(copy) == 2
        assert residents(copy) == [("outsider", "outsider-2")]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.5\nnothing", OWN[: len(OWN) // 2]], ids=["empty", "garbage", "torn"])
def test_what_cannot_be_read_is_a_page_about_nobody(pdf: bytes) -> None:
    pages = read_sheets(pdf, EVERYBODY)
    assert all(page.residents == () for page in pages)
    assert len(pages) >= 1


def _imported(path: Path) -> Sequence[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_no_checker_of_a_history_uses_anything_of_the_terminal() -> None:
    """``cash_count`` counts devices by hand and is no checker of histories."""
    checkers = sorted((ROOT / "simulator" / "checkers").glob("*.py"))
    imports = {name for path in checkers if path.name != "cash_count.py" for name in _imported(path)}
    assert not [name for name in imports if name.startswith("terminal")]
    assert "simulator.seen" in imports
