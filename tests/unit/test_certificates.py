"""Drawn certificates, opened again with PDFium: every field in its place, every page numbered, every name as it was written."""

import hashlib
import os
import re
import subprocess
import sys

import pypdfium2 as pdfium
import pytest

from printer_templates import canonical
from printer_templates.certificate import SheetIdentity, warm_up
from printer_templates.era import era_date
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import typeface
from printer_templates.layout.assembly import standing_content
from printer_templates.layout.fitting import VALUE_SIZES_PT
from printer_templates.layout.images import bilevel_image, official_seal
from printer_templates.layout.words import NOT_APPLICABLE, OMITTED
from printer_templates.marks import front_raster
from printer_templates.records import CertificateKind, Item, Record, Scope
from printer_templates.regions import BACK, FRONT, RegionName, person_regions
from simulator.people.residents import RESIDENTS, Resident, resident
from tests.form_kit import all_text, draw, identities, named, pixels, residence, seal, solid, text_in

EVERY_KIND: tuple[Record, ...] = (
    residence("adult"),
    residence("head", "adult", "child", scope=Scope.HOUSEHOLD),
    residence("head", "child", scope=Scope.MEMBERS),
    residence("adult", kind=CertificateKind.RESIDENCE_RECORD_STATEMENT),
    seal("adult"),
)


@pytest.mark.parametrize("who", RESIDENTS, ids=lambda who: who.key)
def test_every_invented_resident_is_printed_and_read_back_as_written(who: Resident) -> None:
    pdf = draw(residence(who.key)).pdf
    places = person_regions(0)
    assert text_in(pdf, 0, places[RegionName.NAME]) == solid(who.name)
    assert text_in(pdf, 0, places[RegionName.ADDRESS]) == solid(who.address)
    assert text_in(pdf, 0, places[RegionName.BIRTH_DATE]) == era_date(who.birth_date)
    assert text_in(pdf, 0, places[RegionName.MY_NUMBER]) == who.my_number
    assert text_in(pdf, 0, places[RegionName.FORMER_NAME]) == solid(who.former_name or NOT_APPLICABLE)
    assert text_in(pdf, 0, places[RegionName.NATIONALITY]) == (who.nationality or NOT_APPLICABLE)


def test_spaces_inside_a_name_are_read_back_too() -> None:
    left, bottom, right, top = person_regions(0)[RegionName.NAME].points()
    page = pdfium.PdfDocument(draw(residence("yoshida")).pdf)[0].get_textpage()
    assert page.get_text_bounded(left, bottom, right, top) == "𠮷田\u3000見本子"


@pytest.mark.parametrize("record", EVERY_KIND, ids=lambda record: record.kind.value)
def test_every_side_bears_document_number_page_and_specimen(record: Record) -> None:
    drawn = draw(record)
    sides = ((0, FRONT[record.kind]), (1, BACK))
    assert len(pdfium.PdfDocument(drawn.pdf)) == drawn.impressions == 2
    for side, regions in sides:
        assert text_in(drawn.pdf, side, regions[RegionName.DOCUMENT_NUMBER]) == "99101-20261123-000001"
        assert text_in(drawn.pdf, side, regions[RegionName.PAGE_OF_PAGES]) == "1/1"
        assert text_in(drawn.pdf, side, regions[RegionName.SPECIMEN]) == "見本SPECIMEN"
        assert text_in(drawn.pdf, side, regions[RegionName.SPECIMEN_FOOT]) == "見本SPECIMEN"


@pytest.mark.parametrize("record", EVERY_KIND, ids=lambda record: record.kind.value)
def test_every_front_is_titled_dated_and_sealed_by_its_issuer(record: Record) -> None:
    pdf = draw(record).pdf
    regions = FRONT[record.kind]
    title = text_in(pdf, 0, regions[RegionName.TITLE])
    assert ("印鑑登録証明書" if record.kind is CertificateKind.SEAL_CERTIFICATE else "住民票") in title
    assert text_in(pdf, 0, regions[RegionName.ISSUED_ON]) == "令和8年11月23日"
    assert text_in(pdf, 0, regions[RegionName.ISSUER]) == "見本県架空市架空市長見本一郎"
    left, top, right, bottom = regions[RegionName.OFFICIAL_SEAL].pixels(100)
    patch = pixels(pdf, 0, 100)[top:bottom, left:right].astype(int)
    red = (patch[:, :, 0] > 150) & (patch[:, :, 1] < 90) & (patch[:, :, 2] < 90)
    assert red.mean() > 0.2


def test_the_specimen_watermark_is_on_both_sides_and_only_when_asked_for() -> None:
    for specimen, expected in ((True, True), (False, False)):
        pdf = draw(residence("adult"), specimen=specimen).pdf
        for side in (0, 1):
            page = pixels(pdf, side, 40).astype(int)
            reddish = (page[:, :, 0] - page[:, :, 1] > 40).mean()
            assert bool(reddish > 0.015) is expected
            assert ("見本SPECIMEN" in all_text(pdf, side)) is expected


def test_items_that_were_not_chosen_are_marked_as_left_out() -> None:
    pdf = draw(residence("adult", items=[Item.RELATIONSHIP])).pdf
    places = person_regions(0)
    assert text_in(pdf, 0, places[RegionName.RELATIONSHIP]) == "妻"
    for left_out in (
        RegionName.MY_NUMBER,
        RegionName.REGISTERED_DOMICILE,
        RegionName.FORMER_NAME,
        RegionName.NATIONALITY,
    ):
        assert text_in(pdf, 0, places[left_out]) == OMITTED
    assert resident("adult").my_number not in all_text(pdf, 0)


def test_an_item_that_nobody_asked_for_is_not_printed() -> None:
    record = residence("adult").model_copy(update={"items": frozenset(Item) - {Item.MY_NUMBER}})
    with pytest.raises(FormError) as refused:
        draw(record)
    assert refused.value.code == FormErrorCode.ITEM_NOT_CHOSEN


def test_a_household_of_14_goes_over_five_pages_three_persons_each() -> None:
    keys = [f"large-{number}" for number in range(1, 15)]
    drawn = draw(residence(*keys, scope=Scope.HOUSEHOLD))
    assert (drawn.pages_per_copy, drawn.impressions) == (5, 10)
    printed = []
    numbered = FRONT[CertificateKind.RESIDENCE_CERTIFICATE][RegionName.PAGE_OF_PAGES]
    for page in range(5):
        assert text_in(drawn.pdf, 2 * page, numbered) == f"{page + 1}/5"
        assert text_in(drawn.pdf, 2 * page + 1, BACK[RegionName.PAGE_OF_PAGES]) == f"{page + 1}/5"
        printed += [text_in(drawn.pdf, 2 * page, person_regions(slot)[RegionName.NAME]) for slot in range(3)]
    assert printed == [solid(resident(key).name) for key in keys] + [""]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (40, 14)])
def test_pages_break_after_every_third_person(count: int, pages: int) -> None:
    record = residence("adult")
    drawn = draw(record.model_copy(update={"persons": record.persons * count}))
    assert drawn.pages_per_copy == pages
    assert len(pdfium.PdfDocument(drawn.pdf)) == drawn.impressions == 2 * pages


def test_each_copy_bears_its_own_number() -> None:
    drawn = draw(seal("head"), identities(3))
    assert (drawn.copies, drawn.impressions) == (3, 6)
    number = FRONT[CertificateKind.SEAL_CERTIFICATE][RegionName.DOCUMENT_NUMBER]
    assert [text_in(drawn.pdf, 2 * copy, number)[-1] for copy in range(3)] == ["1", "2", "3"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert draw(residence("katsuragi"), identities(2)).pdf == draw(residence("katsuragi"), identities(2)).pdf


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.form_kit import draw, residence;"
        "print(hashlib.sha256(draw(residence('watanabe-1', 'yoshida', 'katsuragi')).pdf).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {f"{hashlib.sha256(draw(residence('watanabe-1', 'yoshida', 'katsuragi')).pdf).hexdigest()}\n"}


def test_another_customer_before_leaves_no_trace_in_the_file() -> None:
    watanabe = b"<6E21>"
    assert watanabe in draw(residence("watanabe-1", "foreign", "long-address")).pdf
    assert watanabe not in draw(residence("tsuji")).pdf


def test_a_block_that_nobody_fills_is_struck_out() -> None:
    grey = pixels(draw(residence("adult"), specimen=False).pdf, 0, 100)[:, :, 0]
    first, last = person_regions(1)[RegionName.NAME], person_regions(1)[RegionName.RESIDENCE_EXPIRY]
    _, top, right, _ = first.pixels(100)
    bottom = last.pixels(100)[3]
    rows = (grey[top + 8 : bottom - 8, 65:right] < 100).any(axis=1)
    assert rows.mean() > 0.6


def test_the_registered_impression_is_on_the_seal_certificate() -> None:
    pdf = draw(seal("head")).pdf
    left, top, right, bottom = FRONT[CertificateKind.SEAL_CERTIFICATE][RegionName.SEAL_IMPRESSION].pixels(100)
    assert (pixels(pdf, 0, 100)[top:bottom, left:right, 0] < 60).mean() > 0.1


@pytest.mark.parametrize(
    ("name", "address"),
    [("見" * 300, "見本県架空市"), ("見本\u3000花子", "住" * 400), ("W" * 300, "見本県架空市")],
    ids=["kanji name", "address", "latin name"],
)
def test_text_over_the_forms_limit_is_refused_and_not_cut_off(name: str, address: str) -> None:
    with pytest.raises(FormError) as refused:
        draw(named(name, address))
    assert refused.value.code == FormErrorCode.TEXT_TOO_LONG
    assert name not in refused.value.failure.text
    assert address not in refused.value.failure.text


def test_the_longest_name_that_fits_is_printed_whole() -> None:
    longest = 0
    for length in range(60, 140):
        try:
            pdf = draw(named("見" * length)).pdf
        except FormError:
            break
        longest = length
        assert text_in(pdf, 0, person_regions(0)[RegionName.NAME]) == "見" * length
    assert 90 <= longest < 139


def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen() -> None:
    pdf = draw(named("ANNA-", "MIHON MACHI 1-2-")).pdf
    assert text_in(pdf, 0, person_regions(0)[RegionName.NAME]) == "ANNA-"
    assert text_in(pdf, 0, person_regions(0)[RegionName.ADDRESS]) == "MIHONMACHI1-2-"


def test_no_size_is_too_small_to_read() -> None:
    assert min(VALUE_SIZES_PT) >= 6.5


def test_every_glyph_is_embedded_and_none_of_them_is_missing() -> None:
    pdf = draw(residence("yoshida", "katsuragi", "tsuji")).pdf
    assert re.findall(rb"/FontFile2", pdf)
    assert len(pdf) < 400_000
    assert typeface().glyphs("𠮷")[0].glyph_id


@pytest.mark.parametrize(
    "identity",
    [
        SheetIdentity("", "0" * 32, bytes(32)),
        SheetIdentity("9" * 33, "0" * 32, bytes(32)),
        SheetIdentity("1 2", "0" * 32, bytes(32)),
        SheetIdentity("99101-1", "0" * 31, bytes(32)),
        SheetIdentity("99101-1", "G" * 32, bytes(32)),
        SheetIdentity("99101-1", "0" * 32, bytes(31)),
    ],
    ids=["no number", "long number", "space", "short request", "no hex", "short key"],
)
def test_an_identity_that_cannot_be_printed_is_refused(identity: SheetIdentity) -> None:
    with pytest.raises(FormError) as refused:
        draw(residence("adult"), [identity])
    assert refused.value.code == FormErrorCode.BAD_IDENTITY


def test_two_copies_with_one_number_are_refused() -> None:
    twice = identities(1) * 2
    with pytest.raises(FormError) as refused:
        draw(residence("adult"), twice)
    assert refused.value.code == FormErrorCode.BAD_IDENTITY


def test_an_identity_hides_its_key() -> None:
    assert "scramble_key" not in repr(identities()[0])


def test_one_glyph_under_two_texts_keeps_both_in_one_document() -> None:
    name = "邉邉\U000e010f葛葛\U000e0102かが\u304b\u3099邉"
    assert text_in(draw(named(name)).pdf, 0, person_regions(0)[RegionName.NAME]) == name


def test_regions_lie_on_the_sheet_and_apart_from_each_other() -> None:
    blocks = [{**FRONT[kind]} for kind in CertificateKind]
    blocks[0] |= {f"{slot} {name}": region for slot in range(3) for name, region in person_regions(slot).items()}  # type: ignore[misc]
    for regions in (*blocks, BACK):
        placed = list(regions.items())
        for index, (name, region) in enumerate(placed):
            assert region.x_mm >= 5 and region.y_mm >= 3, name
            assert region.right_mm <= 205 and region.bottom_mm <= 292, name
            for other_name, other in placed[index + 1 :]:
                apart = (
                    region.right_mm <= other.x_mm + 1e-6
                    or other.right_mm <= region.x_mm + 1e-6
                    or region.bottom_mm <= other.y_mm + 1e-6
                    or other.bottom_mm <= region.y_mm + 1e-6
                )
                assert apart, (name, other_name)


@pytest.mark.parametrize("name", [" ", "\u3000", " \u3000 "])
def test_a_blank_name_is_refused_and_not_printed_as_a_gap(name: str) -> None:
    with pytest.raises(FormError) as refused:
        draw(named(name))
    assert refused.value.code == FormErrorCode.BLANK_VALUE


def test_warming_up_makes_every_standing_part_beforehand() -> None:
    """After it no drawing adds to what is kept: the next customer finds what the last one found."""
    warm_up()
    kept = (front_raster.standing_raster, standing_content, canonical.standing_runs)
    before = [cache.cache_info().currsize for cache in kept]
    for record in EVERY_KIND:
        draw(record)
    assert [cache.cache_info().currsize for cache in kept] == before


def test_of_the_pictures_only_the_municipality_s_seal_is_kept() -> None:
    """The registered impression is a person's: neither it nor the raster made of it may stay for the next one (P2)."""
    record = seal("head")
    assert official_seal(bytes(record.issuer.official_seal_png)).lasting
    assert not bilevel_image(bytes(record.impression_png), "an impression").lasting
    draw(record)
    before = front_raster.kept_raster.cache_info()
    draw(seal("twin-1"))
    after = front_raster.kept_raster.cache_info()
    assert (after.currsize, after.misses, after.hits - before.hits) == (before.currsize, before.misses, 1)
