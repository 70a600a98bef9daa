"""Gate C: the job as drawn passes for everybody, on every form, in both modes; what each check stands on is found when spoilt."""

import io
from datetime import date

import pikepdf
import pytest

from printer_templates import canonical
from printer_templates.records import CertificateKind, Item, Scope
from simulator.explore.gates.spoiling import changed, rearranged, sides
from simulator.people.residents import RESIDENTS, resident
from terminal.verification.expected_sheet import era_text
from terminal.verification.page_codes import content_digest
from terminal.verification.reading import open_pdf
from terminal.verification.reasons import Reason
from terminal.verification.sheets import join_documents
from terminal.verification.verdict import Different, Failed, Passed
from tests.gates_world import ISSUER, Served, residence_record, seal_png, seal_record, serve
from tests.sheets_kit import KEYS, MUNICIPAL_SIGNER, Signer, drawn, gate_c, in_document_mode, somebody_elses, told

_ALL_ITEMS = frozenset(Item)
_HOLDERS = [each.key for each in RESIDENTS if each.seal_number and each.municipality_code == ISSUER.municipality_code]


@pytest.mark.parametrize("key", _HOLDERS)
def test_everybodys_own_seal_certificate_passes(key: str) -> None:
    served = serve(key, seal_record(resident(key)))
    assert told(gate_c(drawn(served.bundle), served)) == []


@pytest.mark.parametrize(
    "key", ["head", "yoshida", "katsuragi", "tsuji", "foreign", "former-name", "long-address", "large-1"]
)
@pytest.mark.parametrize("items", [frozenset(), _ALL_ITEMS], ids=["no items", "all items"])
def test_everybodys_household_passes_with_and_without_items(key: str, items: frozenset[Item]) -> None:
    served = serve(key, residence_record(resident(key), items=items))
    assert told(gate_c(drawn(served.bundle), served)) == []


def test_a_statement_and_chosen_members_pass_in_several_copies() -> None:
    head, child = resident("head"), resident("child")
    record = residence_record(head, Scope.MEMBERS, chosen=(head, child))
    statement = record.model_copy(update={"kind": CertificateKind.RESIDENCE_RECORD_STATEMENT})
    for stated in (record, statement):
        served = serve("head", stated, copies=3)
        pdf = drawn(served.bundle)
        assert sides(pdf) == 6
        assert isinstance(gate_c(pdf, served), Passed)


def test_a_municipalitys_own_pdfs_pass_by_the_municipalitys_key_only() -> None:
    served = serve("head", copies=2)
    documents = _documents(served, MUNICIPAL_SIGNER)
    sent = in_document_mode(served, documents)
    job, count = join_documents(documents)
    assert count == 4
    assert told(gate_c(job, sent)) == []
    by_terminal, _ = join_documents(_documents(served, Signer(KEYS.terminal_key_id)))
    forged = gate_c(by_terminal, sent)
    assert isinstance(forged, Different)
    assert forged.code is Reason.PAGE_CODE_FORGED


def _documents(served: Served, signer: Signer) -> list[bytes]:
    """Each copy's PDF as the municipality draws it: the sides of one copy of the whole job."""
    job = drawn(served.bundle, signer=signer)
    each = sides(job) // len(served.bundle.copies)
    return [
        rearranged([(job, index) for index in range(copy * each, (copy + 1) * each)])
        for copy in range(len(served.bundle.copies))
    ]


def test_the_municipalitys_key_does_not_sign_for_a_terminal() -> None:
    served = serve("head")
    result = gate_c(drawn(served.bundle, signer=MUNICIPAL_SIGNER), served)
    assert isinstance(result, Different)
    assert result.code is Reason.PAGE_CODE_FORGED


def test_a_municipal_pdf_that_acts_is_refused_though_the_joined_job_no_longer_does() -> None:
    served = serve("head", copies=2)
    clean = _documents(served, MUNICIPAL_SIGNER)

    def act(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    sent = in_document_mode(served, [clean[0], changed(clean[1], act)])
    job, _ = join_documents(clean)
    result = gate_c(job, sent)
    assert isinstance(result, Failed)
    assert result.code is Reason.ACTIVE_CONTENT


def test_what_cannot_be_joined_is_refused_by_the_gate_and_raises_nothing() -> None:
    served = serve("head", copies=2)
    assert join_documents([b"garbage", b"%PDF-1.5 garbage"]) == (b"", 0)
    result = gate_c(b"", in_document_mode(served, [b"garbage", b"%PDF-1.5 garbage"]))
    assert isinstance(result, Failed)
    assert result.code is Reason.NOT_A_PDF


def test_the_digest_is_the_one_that_the_forms_define() -> None:
    served = serve("katsuragi", seal_record(resident("katsuragi")))
    with open_pdf(drawn(served.bundle)) as pdf, pdf.page(0) as page:
        by_definition = canonical.digest(canonical.text_of_pdf(page._page.get_textpage()))
        assert content_digest(page.characters) == by_definition


def test_another_official_seal_is_noticed() -> None:
    served = serve("head")
    other = ISSUER.model_copy(update={"official_seal_png": seal_png("架空町長之印")})
    pdf = drawn(served.bundle, record=served.bundle.record.model_copy(update={"issuer": other}))
    result = gate_c(pdf, served)
    assert isinstance(result, Failed)
    assert result.code is Reason.OTHER_SEAL


def test_a_document_number_of_another_document_is_a_finding_and_our_other_copy_s_is_not() -> None:
    served = serve("head", copies=2)
    pdf = drawn(served.bundle)
    swapped = gate_c(rearranged([(pdf, index) for index in (2, 3, 0, 1)]), served)
    assert isinstance(swapped, Failed)
    assert swapped.code is Reason.WRONG_PAGE_NUMBER
    foreign = gate_c(drawn(somebody_elses(served).bundle), served)
    assert isinstance(foreign, Different)
    reasons = {finding.reason for finding in told(foreign)}
    assert {Reason.OTHER_REQUEST, Reason.OTHER_DOCUMENT_NUMBER, Reason.OTHER_BACK} <= reasons


@pytest.mark.parametrize(("drawn_as", "due"), [(True, False), (False, True)])
def test_specimen_marks_stand_on_specimens_and_on_nothing_else(drawn_as: bool, due: bool) -> None:
    served = serve("head")
    result = gate_c(drawn(served.bundle, specimen=drawn_as), served, specimen=due)
    assert isinstance(result, Failed)
    assert result.code is Reason.SPECIMEN_MARK
    assert isinstance(gate_c(drawn(served.bundle, specimen=drawn_as), served, specimen=drawn_as), Passed)


def test_a_page_of_another_size_or_with_an_overlay_fails() -> None:
    served = serve("head")
    pdf = drawn(served.bundle)

    def grow(document: pikepdf.Pdf) -> None:
        document.pages[1].MediaBox = [0, 0, 700, 900]

    def annotate(document: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[100, 600, 300, 700])
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])

    assert Reason.NOT_A4 in {finding.reason for finding in told(gate_c(changed(pdf, grow), served))}
    assert Reason.ACTIVE_CONTENT in {finding.reason for finding in told(gate_c(changed(pdf, annotate), served))}


def test_a_form_in_our_own_drawing_fails() -> None:
    served = serve("head")

    def form(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]))
        document.attachments["a.txt"] = b"hidden"

    result = gate_c(changed(drawn(served.bundle), form), served)
    assert isinstance(result, Failed)
    assert result.code is Reason.ACTIVE_CONTENT


def test_an_encrypted_job_fails_and_does_not_raise() -> None:
    served = serve("head")
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn(served.bundle))) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="owner", user="user"))
    result = gate_c(buffer.getvalue(), served)
    assert isinstance(result, Failed)
    assert result.code is Reason.NOT_A_PDF


def test_findings_say_where_they_are_and_hold_no_personal_data() -> None:
    served = serve("head", copies=2)
    other = residence_record(resident("twin-1"))
    result = gate_c(drawn(served.bundle, record=other), served)
    assert isinstance(result, Different)
    assert any(finding.field == "copy 2 page 1 front: person 1 name" for finding in told(result))
    spoken = repr(result)
    for value in ("双葉", "見本　太郎", "見本太郎", "99101-26", "昭和", "一丁目"):
        assert value not in spoken


def test_dates_turn_into_eras_at_their_first_days() -> None:
    assert [
        era_text(date(*day)) for day in ((2019, 4, 30), (2019, 5, 1), (1989, 1, 7), (1926, 12, 25), (1912, 7, 29))
    ] == [
        "平成31年4月30日",
        "令和元年5月1日",
        "昭和64年1月7日",
        "昭和元年12月25日",
        "明治45年7月29日",
    ]
