"""``honnin sheet verify``: PDFs and pictures of both sides, genuine, altered, forged, incomplete, or no sheet at all."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from joserfc.jwk import OKPKey
from PIL import Image

from printer_templates.records import Scope
from simulator.explore.gates.spoiling import changed, rearranged, sides, without_picture
from simulator.people.residents import resident
from terminal.centre.errors import TrustError
from terminal.verification.reasons import Reason
from terminal.verification.sheet_file import MASTER_KEY_FILE, SheetFileError, scramble_key, verify_sheet
from terminal.verification.sheet_report import SheetReport
from tests.gates_world import ISSUER, Served, household, residence_record, seal_png, seal_record, serve
from tests.sheets_kit import TERMINAL_SIGNER, Signer, drawn

MASTER = bytes(range(32))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """A trust directory that knows the kit's terminal and the issuer's master key."""
    directory = tmp_path / "trust"
    directory.mkdir()
    public = OKPKey.import_key(TERMINAL_SIGNER.key.public_key()).as_dict(private=False)
    key = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": public["x"],
        "kid": TERMINAL_SIGNER.key_id,
        "use": "sig",
        "alg": "EdDSA",
    }
    (directory / "sheet-keys.json").write_text(json.dumps({"keys": [{**key, "owner": "SPECIMEN terminal-7"}]}))
    (directory / MASTER_KEY_FILE).write_bytes(MASTER)
    return directory


def issued(served: Served) -> Served:
    """The session with scramble keys as the issuer derives them."""
    copies = tuple(
        copy.model_copy(update={"scramble_key": scramble_key(MASTER, copy.document_number)})
        for copy in served.bundle.copies
    )
    return served.with_bundle(copies=copies)


def sheet(**record_changes: object) -> bytes:
    """A seal certificate of one page; with changes, one whose drawing was given another record."""
    served = issued(serve("yoshida", seal_record(resident("yoshida"))))
    return drawn(served.bundle, record=served.bundle.record.model_copy(update=record_changes))


def photographed(pdf: bytes, side: int, tmp_path: Path, dpi: int = 150) -> Path:
    """A picture of one side."""
    path = tmp_path / f"side-{side}-{len(list(tmp_path.iterdir()))}.png"
    document = pdfium.PdfDocument(pdf)
    try:
        document[side].render(scale=dpi / 72).to_pil().save(path)
    finally:
        document.close()
    return path


def saved(pdf: bytes, tmp_path: Path) -> Path:
    """``pdf`` as a file."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    return path


def reasons(report: SheetReport) -> set[Reason]:
    """Every reason that is not ``same``."""
    findings = [*report.together, *(finding for page in report.pages for finding in page.findings)]
    return {finding.reason for finding in findings} - {Reason.SAME}


def test_a_genuine_pdf_is_called_genuine_with_its_person_and_signer(trust: Path, tmp_path: Path) -> None:
    report = verify_sheet([saved(sheet(), tmp_path)], trust)
    assert report.genuine
    text = report.render_text()
    for told in ("𠮷田", "99101-26-000001", "page 1 of 1", "SPECIMEN terminal-7", "verdict: GENUINE AND UNALTERED"):
        assert told in text


def test_every_page_and_copy_of_a_household_is_told(trust: Path, tmp_path: Path) -> None:
    served = issued(serve("large-1", copies=2))
    pdf = drawn(served.bundle)
    report = verify_sheet([saved(pdf, tmp_path)], trust)
    assert report.genuine
    assert len(report.pages) == sides(pdf) // 2
    assert "copy 2, page 5 of 5" in report.render_text()


@pytest.mark.parametrize("key", ["head", "katsuragi", "foreign", "long-address"])
@pytest.mark.parametrize("dpi", [150, 300])
def test_pictures_of_front_and_back_together_prove_a_sheet(key: str, dpi: int, trust: Path, tmp_path: Path) -> None:
    pdf = drawn(issued(serve(key, residence_record(resident(key), Scope.SELF))).bundle)
    pictures = [photographed(pdf, side, tmp_path, dpi) for side in (0, 1)]
    report = verify_sheet(pictures, trust)
    assert report.genuine, report.render_text()


@pytest.mark.parametrize(
    "changes",
    [
        {"registered_on": date(2023, 10, 19)},
        {"registration_number": "模擬第00999号"},
        {"issuer": ISSUER.model_copy(update={"official_seal_png": seal_png("架空町長之印")})},
        {"applicant": resident("yoshida").basic_four.model_copy(update={"birth_date": date(1975, 3, 7)})},
        {"applicant": resident("yoshida").basic_four.model_copy(update={"address": "見本県架空市見本町一丁目2番7号"})},
        {"impression_png": seal_record(resident("tsuji")).impression_png},
    ],
    ids=["a date", "a number", "the seal", "a figure of the birth date", "a figure of the address", "the impression"],
)
def test_a_front_that_was_altered_is_found_by_its_own_back(
    changes: dict[str, object], trust: Path, tmp_path: Path
) -> None:
    """The forger drew a new front with the genuine 2D code pasted on: only the picture can tell."""
    genuine, forged = sheet(), sheet(**changes)
    front = Image.open(photographed(forged, 0, tmp_path)).convert("RGB")
    original = Image.open(photographed(genuine, 0, tmp_path)).convert("RGB")
    code = (80, 1470, 310, 1710)
    front.paste(original.crop(code), code[:2])
    front.save(tmp_path / "forged.png")
    report = verify_sheet([tmp_path / "forged.png", photographed(genuine, 1, tmp_path)], trust)
    assert not report.genuine
    assert reasons(report) == {Reason.OTHER_CONTENT}


def test_a_spot_of_ink_taken_away_or_added_is_found(trust: Path, tmp_path: Path) -> None:
    pdf = sheet()
    back = photographed(pdf, 1, tmp_path)
    for colour in (255, 0):
        front = Image.open(photographed(pdf, 0, tmp_path)).convert("L")
        pixels = np.array(front)
        pixels[330:350, 640:660] = colour if colour == 0 else pixels[330:350, 640:660]
        if colour == 255:
            pixels[590:640, 250:330] = 255
        Image.fromarray(pixels).save(tmp_path / "spot.png")
        assert not verify_sheet([tmp_path / "spot.png", back], trust).genuine


def test_a_back_alone_gives_its_front_to_compare_by_eye(trust: Path, tmp_path: Path) -> None:
    target = tmp_path / "recovered.png"
    report = verify_sheet([photographed(sheet(), 1, tmp_path)], trust, recovered=target)
    assert not report.genuine
    assert reasons(report) == {Reason.FRONT_MISSING}
    recovered = Image.open(target)
    assert recovered.size == (1062, 1416)
    assert 0.01 < float((np.asarray(recovered) == 0).mean()) < 0.3


def test_a_front_alone_is_signed_but_not_shown_to_be_unaltered(trust: Path, tmp_path: Path) -> None:
    report = verify_sheet([photographed(sheet(), 0, tmp_path)], trust)
    assert not report.genuine
    assert reasons(report) == {Reason.BACK_MISSING}
    assert report.pages[0].code is not None
    assert report.pages[0].code.subject_name == resident("yoshida").name


def test_without_the_master_key_a_pdf_rests_on_its_text_and_a_picture_on_nothing(trust: Path, tmp_path: Path) -> None:
    (trust / MASTER_KEY_FILE).unlink()
    pdf = sheet()
    assert verify_sheet([saved(pdf, tmp_path)], trust).genuine
    report = verify_sheet([photographed(pdf, side, tmp_path) for side in (0, 1)], trust)
    assert not report.genuine
    assert reasons(report) == {Reason.KEY_MISSING}


def test_the_master_key_may_lie_apart_from_the_public_trust(trust: Path, tmp_path: Path) -> None:
    apart = (trust / MASTER_KEY_FILE).rename(tmp_path / "issuer.key")
    pictures = [photographed(sheet(), side, tmp_path) for side in (0, 1)]
    assert verify_sheet(pictures, trust, master_key=apart).genuine


def test_the_back_of_another_sheet_is_found(trust: Path, tmp_path: Path) -> None:
    own = sheet()
    (other_number,) = issued(serve("tsuji", seal_record(resident("tsuji")))).bundle.copies
    other = serve("tsuji", seal_record(resident("tsuji"))).with_bundle(
        copies=(other_number.model_copy(update={"document_number": "99101-26-000777"}),)
    )
    foreign = drawn(issued(other).bundle)
    report = verify_sheet([saved(rearranged([(own, 0), (foreign, 1)]), tmp_path)], trust)
    assert not report.genuine
    pictures = [photographed(own, 0, tmp_path), photographed(foreign, 1, tmp_path)]
    assert not verify_sheet(pictures, trust).genuine


def test_text_changed_in_a_pdf_is_found(trust: Path, tmp_path: Path) -> None:
    def exchange(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        instructions = list(pikepdf.parse_content_stream(page))
        for index, each in enumerate(instructions):
            shown = bytes(each.operands[0]) if str(each.operator) == "Tj" else b""
            if len(shown) >= 4 and shown[:2] != shown[2:4]:
                swapped = pikepdf.String(shown[2:4] + shown[:2] + shown[4:])
                instructions[index] = pikepdf.ContentStreamInstruction([swapped], pikepdf.Operator("Tj"))
                break
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    spoilt = saved(changed(sheet(), exchange), tmp_path)
    assert Reason.OTHER_CONTENT in reasons(verify_sheet([spoilt], trust))
    (trust / MASTER_KEY_FILE).unlink()
    by_text_alone = verify_sheet([spoilt], trust)
    assert not by_text_alone.genuine
    assert reasons(by_text_alone) == {Reason.OTHER_CONTENT}


def test_a_front_signed_a_second_time_does_not_fit_the_first_ones_back(trust: Path, tmp_path: Path) -> None:
    twice = rearranged([(sheet(registration_number="模擬第00999号"), 0), (sheet(), 1)])
    (trust / MASTER_KEY_FILE).unlink()
    report = verify_sheet([saved(twice, tmp_path)], trust)
    assert not report.genuine
    assert reasons(report) == {Reason.OTHER_BACK}


def test_a_sheet_signed_by_nobody_we_know_is_called_forged(trust: Path, tmp_path: Path) -> None:
    served = issued(serve("yoshida", seal_record(resident("yoshida"))))
    for forger in (Signer("terminal-unheard-of"), Signer()):
        report = verify_sheet([saved(drawn(served.bundle, signer=forger), tmp_path)], trust)
        assert not report.genuine
        assert Reason.PAGE_CODE_FORGED in reasons(report)
        assert all(page.code is None for page in report.pages)


def test_a_missing_2d_code_or_scramble_image_is_told(trust: Path, tmp_path: Path) -> None:
    no_code = verify_sheet([saved(without_picture(sheet(), 0, "Qr"), tmp_path)], trust)
    assert Reason.PAGE_CODE_MISSING in reasons(no_code)
    no_cells = verify_sheet([saved(without_picture(sheet(), 1, "Sc"), tmp_path)], trust)
    assert not no_cells.genuine


def test_an_incomplete_certificate_is_not_called_genuine(trust: Path, tmp_path: Path) -> None:
    person = resident("large-1")
    served = issued(serve("large-1", residence_record(person, Scope.MEMBERS, chosen=household(person)[:9])))
    pdf = drawn(served.bundle)
    report = verify_sheet([saved(rearranged([(pdf, side) for side in (0, 1, 4, 5)]), tmp_path)], trust)
    assert not report.genuine
    assert reasons(report) == {Reason.WRONG_PAGE_COUNT}


@pytest.mark.parametrize("content", [b"", b"garbage", b"%PDF-1.7 garbage", b"\x89PNG\r\n\x1a\n garbage"])
def test_what_is_no_sheet_is_said_to_be_none(content: bytes, trust: Path, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    report = verify_sheet([path], trust)
    assert not report.genuine
    assert reasons(report) <= {Reason.NOT_A_PDF, Reason.NOT_A_SHEET}
    assert reasons(report)


def test_a_picture_of_another_shape_is_no_sheet(trust: Path, tmp_path: Path) -> None:
    Image.new("L", (1000, 1000), 255).save(tmp_path / "square.png")
    report = verify_sheet([tmp_path / "square.png"], trust)
    assert reasons(report) == {Reason.NOT_A_SHEET}


def test_missing_files_and_broken_keys_are_typed_errors(trust: Path, tmp_path: Path) -> None:
    with pytest.raises(SheetFileError) as missing:
        verify_sheet([tmp_path / "nowhere.pdf"], trust)
    assert missing.value.code == "SHEET_FILE_UNREADABLE"
    (trust / MASTER_KEY_FILE).write_bytes(b"short")
    with pytest.raises(SheetFileError) as short:
        verify_sheet([saved(sheet(), tmp_path)], trust)
    assert short.value.code == "SHEET_KEY_MALFORMED"
    with pytest.raises(TrustError):
        verify_sheet([saved(sheet(), tmp_path)], tmp_path / "no-trust")


def test_the_key_of_a_back_is_the_one_that_the_simulated_centre_gives(tmp_path: Path) -> None:
    from simulator.centre.pki import load_or_create
    from simulator.home import Home

    pki = load_or_create(Home(tmp_path), ("99101",))
    assert scramble_key(pki.scramble_master, "99101-26-000001") == pki.scramble_key("99101-26-000001")
