"""From the sealed bundle to the bytes that may be printed: open it, gate A, gate B, draw or take the PDF, gate C.

Runs on the gates' own thread; nothing is handed to the printer but the very bytes that gate C read (design section 3.7).
"""

import secrets
from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never

from printer_templates.certificate import PageSigner, SheetIdentity, draw_certificate
from printer_templates.errors import FormError
from terminal.centre.errors import BundleError
from terminal.centre.messages import Bundle, BundleMode, CardIdentity
from terminal.centre.sealing import OpenedBundle, open_bundle
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import Clock
from terminal.commands.centre import CentreCommands
from terminal.devices.printer.api import PrintDocument
from terminal.fsm import events
from terminal.fsm.values import MachineCode
from terminal.person import Person
from terminal.verification.bundle import Expected, check_bundle
from terminal.verification.sheets import SheetKeys, check_sheets, join_documents
from terminal.verification.subject import ProvedSubject, SubjectEvidence, check_subject
from terminal.verification.verdict import Different, Failed, GateResult, Passed, Undecided

GateEvent: TypeAlias = events.GatesPassed | events.GatesUndecided | events.GatesDiffered


@dataclass(frozen=True, slots=True)
class Gates:
    """What the gates are configured with: whose word counts, which evidence is demanded, and the terminal's own page signer."""

    municipality_keys: MunicipalityKeys
    sheet_keys: SheetKeys
    signer: PageSigner
    evidence: SubjectEvidence
    specimen: bool


class GateNotes(Protocol):
    """Where each gate's verdict is journalled."""

    def gate(self, result: GateResult) -> None:
        """Journal one gate's verdict."""
        ...

    def bundle_refused(self, code: str) -> None:
        """Journal that a bundle could not be opened or drawn."""
        ...


class SheetCommands:
    """The gates for one customer; ``evidence`` keeps the results, for a finding."""

    def __init__(
        self, gates: Gates, person: Person, centre: CentreCommands, terminal_id: str, clock: Clock, notes: GateNotes
    ) -> None:
        self._gates = gates
        self._person = person
        self._centre = centre
        self._terminal_id = terminal_id
        self._clock = clock
        self._notes = notes
        self.evidence: tuple[GateResult, ...] = ()

    def verify(self, generation: int) -> GateEvent:
        """Take the received bundle through gates A to C; on ``GatesPassed`` the document to print is at hand."""
        try:
            opened = self._open()
        except BundleError as error:
            return self._unusable(generation, error.code)
        self._person.bundle = opened
        before_drawing = (self._gate_a, self._gate_b)
        for gate in before_drawing:
            event = self._judged(generation, gate(opened))
            if event is not None:
                return event
        try:
            pdf, impressions = self._document(opened.bundle)
        except FormError as error:
            return self._unusable(generation, error.code)
        event = self._judged(
            generation, check_sheets(pdf, opened.bundle, self._gates.sheet_keys, specimen=self._gates.specimen)
        )
        if event is not None:
            return event
        self._person.document = PrintDocument(pdf, impressions, secrets.token_hex(8))
        return events.GatesPassed(generation, impressions)

    def grown_old(self) -> str:
        """Why the verified bundle may not be printed any more, by gate A once again; empty while it may.

        Somebody may take a long time to find their coins, and a seal may be cancelled meanwhile.
        """
        opened = self._person.bundle
        result = self._gate_a(opened) if opened is not None else None
        if result is None or isinstance(result, Passed):
            return ""
        self._notes.gate(result)
        return result.code.value

    def _open(self) -> OpenedBundle:
        sealed, key = self._centre.sealed_bundle, self._person.session_key
        if sealed is None or key is None:
            raise RuntimeError("the machine asked for the gates without a bundle")
        return open_bundle(sealed, key, self._gates.municipality_keys, now=self._clock.wall())

    def _gate_a(self, opened: OpenedBundle) -> GateResult:
        return check_bundle(
            opened.bundle,
            self._expected(opened.bundle),
            signer_municipality=opened.signer.municipality_code,
            now=self._clock.wall(),
        )

    def _expected(self, bundle: Bundle) -> Expected:
        person = self._person
        session, certificate, choice = person.session, person.certificate, person.choice
        if (
            session is None
            or certificate is None
            or choice is None
            or person.session_key is None
            or not person.request_id
        ):
            raise RuntimeError("the machine asked for the gates without a session and a request")
        offer = next(offer for offer in session.offers if offer.kind is choice.kind)
        return Expected(
            request_id=person.request_id,
            session_id=session.session_id,
            terminal_id=self._terminal_id,
            session_key_thumbprint=person.session_key.thumbprint,
            card=CardIdentity.model_construct(issuer_key_id=certificate.issuer_key_id, serial=certificate.serial),
            choice=choice,
            municipality_code=session.municipality_code,
            members=session.members,
            fee_yen=offer.fee_yen * choice.copies,
        )

    def _gate_b(self, opened: OpenedBundle) -> GateResult:
        session = self._person.session
        members = session.members if session else ()
        return check_subject(opened.bundle, ProvedSubject(self._gates.evidence, self._person.basic_four), members)

    def _document(self, bundle: Bundle) -> tuple[bytes, int]:
        match bundle.mode:
            case BundleMode.RECORD:
                identities = [
                    SheetIdentity(copy.document_number, bundle.request_id, copy.scramble_key) for copy in bundle.copies
                ]
                drawn = draw_certificate(bundle.record, identities, self._gates.signer, specimen=self._gates.specimen)
                return drawn.pdf, drawn.impressions
            case BundleMode.DOCUMENT:
                return join_documents([copy.document_pdf or b"" for copy in bundle.copies])
            case _:
                assert_never(bundle.mode)

    def _judged(self, generation: int, result: GateResult) -> GateEvent | None:
        self.evidence = (*self.evidence, result)
        self._notes.gate(result)
        match result:
            case Passed():
                return None
            case Undecided() | Failed():
                return events.GatesUndecided(generation, result.code.value)
            case Different():
                return events.GatesDiffered(generation, result.code.value)
            case _:
                assert_never(result)

    def _unusable(self, generation: int, code: str) -> events.GatesUndecided:
        self._notes.bundle_refused(code or MachineCode.NOTHING_TO_PRINT.value)
        return events.GatesUndecided(generation, code)
