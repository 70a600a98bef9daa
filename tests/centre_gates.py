"""What a terminal makes of a centre's answer: envelope, gates A and B, the drawing or the document, gate C."""

from dataclasses import dataclass

from printer_templates.certificate import SheetIdentity, draw_certificate
from simulator import pki as card_pki
from simulator.devices.card_reader.profiles import profile
from simulator.people.residents import resident
from terminal.centre.errors import BundleError
from terminal.centre.messages import Bundle, BundleMode, CardIdentity, Choice, IssuanceReply
from terminal.centre.sealing import OpenedBundle
from terminal.centre.sheet_keys import load_sheet_keys
from terminal.verification.bundle import Expected, check_bundle
from terminal.verification.sheets import SheetKeys, check_sheets, join_documents
from terminal.verification.subject import ProvedSubject, SubjectEvidence, check_subject
from terminal.verification.verdict import GateResult, Passed
from tests.centre_world import NOW, TERMINAL, Customer, World, fresh_request_id


@dataclass(frozen=True, slots=True)
class Told:
    """How far a bundle came: ``envelope`` is the code of an envelope that would not open, ``gates`` the results so far."""

    envelope: str | None
    gates: tuple[GateResult, ...]

    @property
    def end(self) -> GateResult:
        """The last gate's result."""
        assert self.gates, self.envelope
        return self.gates[-1]


def served(world: World, customer: Customer, key: str, choice: Choice) -> Told:
    """Let ``customer``, who is resident ``key``, buy ``choice``, and take what comes through the gates."""
    request_id = fresh_request_id()
    reply = customer.centre.issue(request_id, customer.session.session_id, choice)
    assert isinstance(reply, IssuanceReply), reply
    return judged(world, customer, key, choice, reply)


def judged(world: World, customer: Customer, key: str, choice: Choice, reply: IssuanceReply) -> Told:
    """Take an answer that ``customer``, who is resident ``key``, got for ``choice`` through the gates."""
    request_id = reply.request_id
    try:
        opened = customer.open(reply)
    except BundleError as error:
        return Told(error.code, ())
    return _through_the_gates(world, customer, key, request_id, choice, opened)


def _through_the_gates(
    world: World,
    customer: Customer,
    key: str,
    request_id: str,
    choice: Choice,
    opened: OpenedBundle,
) -> Told:
    session, bundle = customer.session, opened.bundle
    offer = next(each for each in session.offers if each.kind is choice.kind)
    expected = Expected(
        request_id=request_id,
        session_id=session.session_id,
        terminal_id=TERMINAL,
        session_key_thumbprint=customer.key.thumbprint,
        card=_card(world, key),
        choice=choice,
        municipality_code=session.municipality_code,
        members=session.members,
        fee_yen=offer.fee_yen * choice.copies,
    )
    subject = ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, resident(key).basic_four)
    gates: list[GateResult] = [
        check_bundle(bundle, expected, signer_municipality=opened.signer.municipality_code, now=world.clock.wall())
    ]
    if isinstance(gates[-1], Passed):
        gates.append(check_subject(bundle, subject, session.members))
    if isinstance(gates[-1], Passed):
        gates.append(check_sheets(_pdf(world, bundle), bundle, _sheet_keys(world), specimen=True))
    return Told(None, tuple(gates))


def _card(world: World, key: str) -> CardIdentity:
    issuer = card_pki.load_or_create(world.home, NOW).authentication
    return CardIdentity.model_construct(issuer_key_id=issuer.key_id, serial=profile(key).authentication_serial)


def _pdf(world: World, bundle: Bundle) -> bytes:
    if bundle.mode is BundleMode.DOCUMENT:
        return join_documents([bytes(copy.document_pdf or b"") for copy in bundle.copies])[0]
    identities = [SheetIdentity(copy.document_number, bundle.request_id, copy.scramble_key) for copy in bundle.copies]
    signer = world.assembled.pki.terminal_sheet_key(TERMINAL)
    return draw_certificate(bundle.record, identities, signer, specimen=True).pdf


def _sheet_keys(world: World) -> SheetKeys:
    signer = world.assembled.pki.terminal_sheet_key(TERMINAL)
    verifiers = load_sheet_keys(world.home.trust / "sheet-keys.json")
    return SheetKeys({key_id: verifier.key for key_id, verifier in verifiers.items()}, signer.key_id)
