"""The cards that can be laid on the reader, by name: whose they are and what is the matter with them.

A profile is data. ``personalisation.py`` makes the card, ``registrations.py`` tells the centre whom each serial stands for.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from simulator.devices.card_reader.certificates import serial_number
from simulator.devices.card_reader.model import SOUND, Quirks
from simulator.people.residents import BY_KEY, RESIDENTS, Resident
from terminal.errors import HonninError

DEFAULT_PROFILE = "adult"
PIN = "1234"
OTHER_PIN = "5678"
SIGNING_PASSWORD = "ABC123"  # noqa: S105 - the published password of every emulated card


class CertificateState(StrEnum):
    """What the certificate authority says of a card's certificates."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


class ProfileErrorCode(StrEnum):
    """Why no card could be made."""

    UNKNOWN = "SIMCARD_UNKNOWN_PROFILE"


class ProfileError(HonninError):
    """A profile that does not exist; the text lists those that do."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries left when the card is first used; later its own file counts."""

    authentication: int = 3
    signing: int = 5
    text: int = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """One emulated card. ``summary`` is one line for ``--list``; ``resident_key`` names the holder in residents.py."""

    name: str
    resident_key: str
    summary: str
    state: CertificateState = CertificateState.VALID
    tries: Tries = Tries()
    pin: str = PIN
    text_pin: str = PIN
    signing_password: str = SIGNING_PASSWORD
    android: bool = False
    quirks: Quirks = SOUND
    certificate_file_bytes: int | None = None

    @property
    def resident(self) -> Resident:
        """The holder."""
        return BY_KEY[self.resident_key]

    @property
    def authentication_serial(self) -> int:
        """The serial of the user-authentication certificate: the same in every home."""
        return serial_number(self.name, "authentication")

    @property
    def signing_serial(self) -> int:
        """The serial of the signing certificate."""
        return serial_number(self.name, "signing")


def _special() -> list[Profile]:
    adult = Profile(DEFAULT_PROFILE, "adult", "an adult with every certificate and every try left")
    last, locked = "one try left for the", "no try left for the"
    return [
        adult,
        Profile("head", "head", "the head of the adult's household"),
        Profile("child", "child", "a child under 15: no signing certificate"),
        Profile("foreign", "foreign", "a foreign resident with a Latin name of 90 characters"),
        Profile("expired", "expired", "certificates past their last day", state=CertificateState.EXPIRED),
        Profile("revoked", "revoked", "certificates revoked by the authority", state=CertificateState.REVOKED),
        Profile("suspended", "suspended", "certificates suspended: reported lost", state=CertificateState.SUSPENDED),
        replace(adult, name="auth-last-try", summary=f"{last} authentication PIN", tries=Tries(authentication=1)),
        replace(adult, name="auth-locked", summary=f"{locked} authentication PIN", tries=Tries(authentication=0)),
        replace(adult, name="sign-last-try", summary=f"{last} signing password", tries=Tries(signing=1)),
        replace(adult, name="sign-locked", summary=f"{locked} signing password", tries=Tries(signing=0)),
        replace(adult, name="text-last-try", summary=f"{last} text application's PIN", tries=Tries(text=1)),
        replace(adult, name="text-locked", summary=f"{locked} text application's PIN", tries=Tries(text=0)),
        replace(
            adult,
            name="text-pin-differs",
            summary=f"the text application's PIN is {OTHER_PIN}, the authentication PIN {PIN}",
            text_pin=OTHER_PIN,
        ),
        replace(
            adult,
            name="android",
            summary="a telephone: only the JPKI application, certificate readable only after the PIN",
            android=True,
        ),
        *_damaged(adult),
    ]


def _damaged(adult: Profile) -> list[Profile]:
    return [
        replace(
            adult,
            name="damaged-6f00",
            summary="every read and every signature answers 6F00",
            quirks=Quirks(reads_fail=True),
        ),
        replace(
            adult,
            name="damaged-short-reads",
            summary="reads give half of what was asked, and the certificate's file ends in its middle",
            quirks=Quirks(short_reads=True),
            certificate_file_bytes=700,
        ),
        replace(
            adult,
            name="first-command-6f00",
            summary="sound, but answers 6F00 to the first command after power-up, as contactless cards may",
            quirks=Quirks(first_command_fails=True),
        ),
    ]


def _all() -> dict[str, Profile]:
    profiles = {profile.name: profile for profile in _special()}
    for resident in RESIDENTS:
        if resident.key not in profiles:
            name = resident.name.replace("\u3000", " ")
            profiles[resident.key] = Profile(resident.key, resident.key, f"the resident {name}")
    return profiles


PROFILES: dict[str, Profile] = _all()


def profile(name: str) -> Profile:
    """The profile ``name``; raise ``ProfileError`` that lists the known names."""
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise ProfileError(
            ProfileErrorCode.UNKNOWN, f"expected the name of a card profile, got {name!r}; choose one of: {known}"
        ) from None
