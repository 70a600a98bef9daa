"""Records, identities and a signer for the printed forms' tests, and reading a drawn PDF back with another engine."""

import base64
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from printer_templates.certificate import DrawnCertificate, SheetIdentity, draw_certificate
from printer_templates.records import (
    BasicFour,
    CertificateKind,
    Issuer,
    Item,
    Record,
    RecordedPerson,
    ResidenceRecord,
    Scope,
    SealRecord,
    Sex,
)
from printer_templates.regions import Region
from simulator.people.residents import Resident, resident
from simulator.people.seals import impression_png, official_seal_png

T = TypeVar("T")
ISSUED_ON = date(2026, 11, 23)
REQUEST_ID = "0123456789abcdef" * 2
ALL_ITEMS = frozenset(Item)
ResidenceKind = Literal[CertificateKind.RESIDENCE_CERTIFICATE, CertificateKind.RESIDENCE_RECORD_STATEMENT]


class Signer:
    """A page signer with a fixed key."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

    @property
    def key_id(self) -> str:
        return "specimen-terminal-1"

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self._key.public_key()

    def sign(self, payload: bytes) -> bytes:
        return self._key.sign(payload)


SIGNER = Signer()


def issuer() -> Issuer:
    return Issuer(
        municipality_code="99101",
        municipality="見本県架空市",
        mayor="架空市長\u3000見本\u3000一郎",
        official_seal_png=base64.b64encode(official_seal_png("架空市長")),
    )


def recorded(who: Resident, items: frozenset[Item] = ALL_ITEMS) -> RecordedPerson:
    def chosen(item: Item, value: T) -> T | None:
        return value if item in items else None

    return RecordedPerson(
        member_id=who.key,
        basic=who.basic_four,
        resident_since=who.resident_since,
        former_name=chosen(Item.FORMER_NAME, who.former_name),
        relationship=chosen(Item.RELATIONSHIP, who.relationship),
        registered_domicile=chosen(Item.REGISTERED_DOMICILE, who.registered_domicile),
        head_of_register=chosen(Item.REGISTERED_DOMICILE, who.head_of_register),
        my_number=chosen(Item.MY_NUMBER, who.my_number),
        nationality=chosen(Item.NATIONALITY, who.nationality),
        residence_status=chosen(Item.NATIONALITY, who.residence_status),
        residence_expiry=chosen(Item.NATIONALITY, who.residence_expiry),
    )


def residence(
    *keys: str,
    items: Iterable[Item] = ALL_ITEMS,
    scope: Scope = Scope.SELF,
    kind: ResidenceKind = CertificateKind.RESIDENCE_CERTIFICATE,
) -> ResidenceRecord:
    people, chosen = [resident(key) for key in keys], frozenset(items)
    return ResidenceRecord(
        kind=kind,
        issuer=issuer(),
        issued_on=ISSUED_ON,
        scope=scope,
        items=chosen,
        household_id=people[0].household,
        household_head=people[0].name if Item.RELATIONSHIP in chosen else None,
        applicant=people[0].basic_four,
        persons=tuple(recorded(who, chosen) for who in people),
    )


def named(name: str, address: str = "見本県架空市見本町一丁目1番1号") -> ResidenceRecord:
    """A one-person certificate of somebody called ``name``."""
    basic = BasicFour(name=name, address=address, birth_date=date(1980, 1, 1), sex=Sex.FEMALE)
    person = RecordedPerson(member_id="m", basic=basic, resident_since=date(2016, 4, 1))
    record = residence("adult", items=())
    return record.model_copy(update={"applicant": basic, "persons": (person,)})


def seal(key: str) -> SealRecord:
    who = resident(key)
    return SealRecord(
        kind=CertificateKind.SEAL_CERTIFICATE,
        issuer=issuer(),
        issued_on=ISSUED_ON,
        applicant=who.basic_four,
        former_name=who.former_name,
        registration_number=who.seal_number or "模擬第00000号",
        registered_on=date(2018, 3, 4),
        impression_png=base64.b64encode(impression_png(who.seal_text or who.name)),
    )


def identities(count: int = 1) -> list[SheetIdentity]:
    return [
        SheetIdentity(f"99101-20261123-{number:06d}", REQUEST_ID, bytes([number]) * 32)
        for number in range(1, count + 1)
    ]


def draw(record: Record, copies: Sequence[SheetIdentity] | None = None, *, specimen: bool = True) -> DrawnCertificate:
    return draw_certificate(record, copies or identities(), SIGNER, specimen=specimen)


def pixels(pdf: bytes, side: int, dpi: float) -> npt.NDArray[np.uint8]:
    """Page side ``side`` (from 0) in RGB."""
    return np.array(pdfium.PdfDocument(pdf)[side].render(scale=dpi / 72).to_pil().convert("RGB"))


def all_text(pdf: bytes, side: int) -> str:
    """The text of a page side as PDFium gives it, without white space."""
    text = pdfium.PdfDocument(pdf)[side].get_textpage().get_text_range()
    return "".join(text.split())


def text_in(pdf: bytes, side: int, region: Region) -> str:
    """The text inside a region, lines in order, without white space."""
    left, bottom, right, top = region.points()
    text = pdfium.PdfDocument(pdf)[side].get_textpage().get_text_bounded(left, bottom, right, top)
    return "".join(text.split())


def solid(text: str) -> str:
    return "".join(text.split())
