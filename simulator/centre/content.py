"""What goes into a bundle beside its envelope: the record, its copies, and what the register says of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from printer_templates.certificate import SheetIdentity, draw_certificate
from printer_templates.records import BasicFour, Record
from simulator.centre.pages import cut
from simulator.centre.pki import SheetKey
from terminal.centre.messages import BundleMode, Choice, CopyGrant, RegistryState


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """One issuance's content. ``resident_key`` tells whose it is, for the faults that mix people up."""

    resident_key: str
    request_id: str
    choice: Choice
    mode: BundleMode
    applicant: BasicFour
    record: Record
    identities: tuple[SheetIdentity, ...]
    documents: tuple[bytes, ...]
    issued_at: datetime
    registry_state: RegistryState
    registry_as_of: datetime

    def grants(self) -> tuple[CopyGrant, ...]:
        """The copies as the bundle carries them."""
        documents: Sequence[bytes | None] = self.documents or (None,) * len(self.identities)
        return tuple(
            CopyGrant.model_construct(
                document_number=identity.document_number, scramble_key=identity.scramble_key, document_pdf=document
            )
            for identity, document in zip(self.identities, documents, strict=True)
        )


def draw_documents(record: Record, identities: Sequence[SheetIdentity], signer: SheetKey) -> tuple[bytes, ...]:
    """The municipality's own PDF of each copy, front and back of every page; raise ``FormError``.

    All copies are drawn as one job, so that each knows its number, and then cut apart.
    """
    drawn = draw_certificate(record, identities, signer, specimen=True)
    sides = drawn.impressions // drawn.copies
    return (drawn.pdf,) if drawn.copies == 1 else cut(drawn.pdf, sides)
