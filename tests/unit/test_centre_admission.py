"""Who is let into a session: a known card that signed this challenge for this terminal and this key, once and in time."""

import dataclasses
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from simulator import pki as card_pki
from simulator.centre.admission import CHALLENGES_MAX
from simulator.centre.seed import OFFICE_TERMINAL
from simulator.devices.card_reader.certificates import authentication_certificate
from simulator.devices.card_reader.person import CardHolder
from simulator.people.residents import resident
from terminal.centre.api import CentreFailed, Refused
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import Challenge, RefusalCode, SessionOpened, SessionRequest
from terminal.centre.session_key import SessionKey
from tests.centre_world import NOW, CardInHand, World, card_key, card_of, make_world, session_request


@pytest.fixture
def world() -> World:
    return make_world()


def knock(world: World, card: CardInHand, **changes: object) -> SessionOpened | Refused | CentreFailed:
    """Ask for a session, with some members of the request changed after the card signed."""
    request = session_request(world.centre, card, SessionKey()).model_copy(update=changes)
    outcome = world.centre.open_session(request)
    assert isinstance(outcome, SessionOpened | Refused | CentreFailed)
    return outcome


def code_of(outcome: object) -> CentreErrorCode | RefusalCode:
    assert isinstance(outcome, CentreFailed | Refused), outcome
    return outcome.code


def test_a_card_that_signed_the_transcript_is_let_in(world: World) -> None:
    opened = knock(world, card_of(world.home, "adult"))
    assert isinstance(opened, SessionOpened)
    assert [member.name for member in opened.members if member.is_applicant] == ["見本\u3000花子"]
    assert len(opened.members) == 3


def test_member_ids_are_good_for_one_session_only(world: World) -> None:
    first = knock(world, card_of(world.home, "adult"))
    second = knock(world, card_of(world.home, "adult"))
    assert isinstance(first, SessionOpened)
    assert isinstance(second, SessionOpened)
    assert {member.member_id for member in first.members}.isdisjoint(member.member_id for member in second.members)


def test_a_challenge_is_good_once(world: World) -> None:
    request = session_request(world.centre, card_of(world.home, "adult"), SessionKey())
    assert isinstance(world.centre.open_session(request), SessionOpened)
    assert code_of(world.centre.open_session(request)) is CentreErrorCode.CHALLENGE_UNKNOWN


def test_a_challenge_is_used_up_by_a_wrong_answer_too(world: World) -> None:
    request = session_request(world.centre, card_of(world.home, "adult"), SessionKey())
    wrong = request.model_copy(update={"signature": bytes(256)})
    assert code_of(world.centre.open_session(wrong)) is CentreErrorCode.SIGNATURE_WRONG
    assert code_of(world.centre.open_session(request)) is CentreErrorCode.CHALLENGE_UNKNOWN


def test_a_challenge_is_good_for_three_minutes(world: World) -> None:
    request = session_request(world.centre, card_of(world.home, "adult"), SessionKey())
    world.clock.advance(180)
    assert code_of(world.centre.open_session(request)) is CentreErrorCode.CHALLENGE_UNKNOWN


def test_a_challenge_is_good_for_its_terminal_only(world: World) -> None:
    elsewhere = world.at("SPECIMEN-0002")
    request = session_request(world.centre, card_of(world.home, "adult"), SessionKey(), "SPECIMEN-0002")
    assert code_of(elsewhere.open_session(request)) is CentreErrorCode.CHALLENGE_UNKNOWN


def test_challenges_cannot_be_hoarded(world: World) -> None:
    for _ in range(CHALLENGES_MAX):
        assert isinstance(world.centre.challenge(), Challenge)
    assert code_of(world.centre.challenge()) is CentreErrorCode.BUSY
    world.clock.advance(180)
    assert isinstance(world.centre.challenge(), Challenge)


def test_a_terminal_speaks_for_itself_only(world: World) -> None:
    outcome = knock(world, card_of(world.home, "adult"), terminal_id="SPECIMEN-0002")
    assert code_of(outcome) is CentreErrorCode.TERMINAL_MISMATCH


def test_another_session_key_than_the_card_signed_for_is_refused(world: World) -> None:
    outcome = knock(world, card_of(world.home, "adult"), session_key=SessionKey().jwk)
    assert code_of(outcome) is CentreErrorCode.SIGNATURE_WRONG


def test_another_persons_certificate_with_the_own_signature_is_refused(world: World) -> None:
    other = dataclasses.replace(card_of(world.home, "head"), key=card_pki.make_key())
    assert code_of(knock(world, other)) is CentreErrorCode.SIGNATURE_WRONG


def test_a_session_key_off_the_curve_is_refused(world: World) -> None:
    jwk = SessionKey().jwk
    outcome = knock(world, card_of(world.home, "adult"), session_key=jwk.model_copy(update={"x": jwk.y}))
    assert code_of(outcome) is CentreErrorCode.SESSION_KEY_BAD


def test_an_authority_of_the_same_name_with_another_key_is_not_believed(world: World) -> None:
    twin = card_pki.make_authority(card_pki.AUTHENTICATION_UNIT, NOW)
    forged = card_of(world.home, "adult", authority=twin)
    assert code_of(knock(world, forged)) is CentreErrorCode.CERTIFICATE_UNTRUSTED


def test_a_certificate_that_names_the_right_authority_but_was_signed_by_another_is_not_believed(world: World) -> None:
    real = card_pki.load_or_create(world.home, NOW).authentication
    pretender = card_pki.Authority(real.certificate, card_pki.make_key())
    forged = card_of(world.home, "adult", authority=pretender)
    assert code_of(knock(world, forged)) is CentreErrorCode.CERTIFICATE_UNTRUSTED


def test_the_signing_certificates_authority_does_not_authenticate(world: World) -> None:
    other = card_pki.load_or_create(world.home, NOW).signing
    assert code_of(knock(world, card_of(world.home, "adult", authority=other))) is CentreErrorCode.CERTIFICATE_UNTRUSTED


@pytest.mark.parametrize("usages", [("digital_signature", "content_commitment"), ("key_agreement",)])
def test_a_certificate_for_another_use_does_not_authenticate(world: World, usages: tuple[str, ...]) -> None:
    assert code_of(knock(world, card_of(world.home, "adult", usages=usages))) is CentreErrorCode.CERTIFICATE_BAD


@pytest.mark.parametrize("junk", [b"", b"\x30\x03\x02\x01\x01", b"not a certificate"])
def test_junk_is_no_certificate(world: World, junk: bytes) -> None:
    request = session_request(world.centre, card_of(world.home, "adult"), SessionKey())
    outcome = world.centre.open_session(request.model_copy(update={"certificate_der": junk}))
    assert code_of(outcome) is CentreErrorCode.CERTIFICATE_BAD


def test_bytes_after_the_certificate_are_refused(world: World) -> None:
    card = card_of(world.home, "adult")
    longer = dataclasses.replace(card, certificate_der=card.certificate_der + b"\x00")
    assert code_of(knock(world, longer)) is CentreErrorCode.CERTIFICATE_BAD


def test_a_certificate_of_tomorrow_is_not_valid_today(world: World) -> None:
    early = make_world()
    card = card_of(early.home, "adult")
    request = session_request(early.centre, card, SessionKey())
    past = make_world(NOW.replace(year=NOW.year - 1))
    fresh = past.centre.challenge()
    assert isinstance(fresh, Challenge)
    outcome = past.centre.open_session(request.model_copy(update={"challenge_id": fresh.challenge_id}))
    assert code_of(outcome) is CentreErrorCode.CERTIFICATE_BAD


def test_a_card_that_nobody_registered_is_unknown() -> None:
    world = make_world()
    certificate = card_of(world.home, "adult")
    # The same authority, but a serial that no register has.
    stranger = dataclasses.replace(certificate, certificate_der=_unregistered(world))
    assert code_of(knock(world, stranger)) is RefusalCode.CERTIFICATE_UNKNOWN


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("child", RefusalCode.UNDER_15),
        ("expired", RefusalCode.CERTIFICATE_EXPIRED),
        ("revoked", RefusalCode.CERTIFICATE_REVOKED),
        ("suspended", RefusalCode.CERTIFICATE_SUSPENDED),
        ("protected", RefusalCode.PROTECTIVE_MEASURES),
        ("moving-out", RefusalCode.MOVING_OUT),
        ("deceased", RefusalCode.DECEASED),
        ("new-card", RefusalCode.NEXT_DAY_CARD),
        ("pending-glyph", RefusalCode.CHARACTER_PENDING),
        ("not-served", RefusalCode.NOT_PARTICIPATING),
    ],
)
def test_each_resident_with_a_story_is_refused_for_it(world: World, name: str, refusal: RefusalCode) -> None:
    assert code_of(knock(world, card_of(world.home, name))) is refusal


def test_the_town_offices_terminal_serves_its_own_residents_only(world: World) -> None:
    office = world.at(OFFICE_TERMINAL)

    def knock_there(name: str) -> object:
        request: SessionRequest = session_request(office, card_of(world.home, name), SessionKey(), OFFICE_TERMINAL)
        return office.open_session(request)

    assert isinstance(knock_there("adult"), SessionOpened)
    assert code_of(knock_there("outsider")) is RefusalCode.OTHER_MUNICIPALITY


def test_the_new_card_is_good_on_the_next_day(world: World) -> None:
    world.clock.advance(24 * 3600)
    assert isinstance(knock(world, card_of(world.home, "new-card")), SessionOpened)


def _unregistered(world: World) -> bytes:
    authority = card_pki.load_or_create(world.home, NOW).authentication
    holder = CardHolder(resident("adult"), NOW - timedelta(days=90), "000000")
    return authentication_certificate(authority, holder, card_key().public_key(), 7).public_bytes(Encoding.DER)
