"""Drawn jobs of invented residents; ``simulator.explore.gates.spoiling`` mixes them up and spoils them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printer_templates.certificate import SheetIdentity, draw_certificate
from printer_templates.records import ResidenceRecord, SealRecord
from simulator.explore.gates.spoiling import rearranged, sides
from terminal.centre.messages import Bundle, BundleMode, CopyGrant
from terminal.verification.sheets import SheetKeys, check_sheets
from terminal.verification.verdict import FieldFinding, GateResult, Severity
from tests.gates_world import OTHER_REQUEST_ID, TERMINAL_ID, Served

MUNICIPAL_KEY_ID = "municipality-99101"


@dataclass(frozen=True)
class Signer:
    """A page signer with a key of its own."""

    key_id: str = f"terminal-{TERMINAL_ID}"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def sign(self, payload: bytes) -> bytes:
        return self.key.sign(payload)


TERMINAL_SIGNER = Signer()
MUNICIPAL_SIGNER = Signer(MUNICIPAL_KEY_ID)
KEYS = SheetKeys(
    {signer.key_id: signer.key.public_key() for signer in (TERMINAL_SIGNER, MUNICIPAL_SIGNER)}, TERMINAL_SIGNER.key_id
)


def drawn(
    bundle: Bundle,
    *,
    record: ResidenceRecord | SealRecord | None = None,
    signer: Signer = TERMINAL_SIGNER,
    specimen: bool = True,
) -> bytes:
    """The job of ``bundle``; with ``record`` a drawing that took another record than the bundle's."""
    identities = [SheetIdentity(copy.document_number, bundle.request_id, copy.scramble_key) for copy in bundle.copies]
    return draw_certificate(record or bundle.record, identities, signer, specimen=specimen).pdf


def gate_c(pdf: bytes, served: Served, *, specimen: bool = True) -> GateResult:
    """Gate C with the kit's keys."""
    return check_sheets(pdf, served.bundle, KEYS, specimen=specimen)


def told(result: GateResult) -> list[FieldFinding]:
    """The findings that are not ``same``."""
    return [finding for finding in result.findings if finding.severity is not Severity.PASSES]


def somebody_elses(served: Served) -> Served:
    """The same session turned into another customer's: other request, document number and scramble key."""
    copies = tuple(
        CopyGrant.model_construct(
            document_number=f"99101-26-9{number:05d}", scramble_key=bytes([90 + number]) * 32, document_pdf=None
        )
        for number in range(1, len(served.bundle.copies) + 1)
    )
    return served.with_bundle(request_id=OTHER_REQUEST_ID, copies=copies)


def with_side(pdf: bytes, side: int, other: bytes, other_side: int) -> bytes:
    """``pdf`` with one side taken from ``other``."""
    count = sides(pdf)
    return rearranged([(other, other_side) if index == side else (pdf, index) for index in range(count)])


def in_document_mode(served: Served, documents: Sequence[bytes]) -> Served:
    """The session in which the municipality sent these PDFs, one for each copy."""
    copies = tuple(
        copy.model_copy(update={"document_pdf": document})
        for copy, document in zip(served.bundle.copies, documents, strict=True)
    )
    return served.with_bundle(mode=BundleMode.DOCUMENT, copies=copies)
