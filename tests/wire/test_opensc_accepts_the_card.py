"""OpenSC, untouched, takes the emulated card for a JPKI card: listing, certificates, PINs.

What each tool sends and says: reference jpki-card.md section 1.4.
"""

import os
import subprocess
from collections.abc import Callable

import pytest
from cryptography import x509

from simulator import pki
from simulator.devices.card_reader.model import CONTACT_ATR, CONTACTLESS_ATR
from simulator.devices.card_reader.pcscd import PrivatePcscd
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.card_reader.wire import NOTICED_ABSENCE_S, CardSlot
from tests.emulated_card_kit import fresh_card, shared_home
from tests.system import require
from tests.wire.conftest import wait_for_card

pytestmark = pytest.mark.system

Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pkcs15(pcscd: PrivatePcscd) -> Tool:
    """Runs pkcs15-tool on the first slot."""
    require("pkcs15-tool", "opensc-tool")

    def run(*arguments: str, tool: str = "pkcs15-tool") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tool, "--reader", pcscd.reader_names[0], *arguments],
            env=os.environ | pcscd.env,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def lay(pcscd: PrivatePcscd, slot: CardSlot, profile: str = "adult", atr: bytes = CONTACTLESS_ATR) -> None:
    slot.insert(fresh_card(profile, atr), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)


@pytest.mark.parametrize("atr", [CONTACTLESS_ATR, CONTACT_ATR], ids=["contactless", "contact"])
def test_the_driver_for_jpki_is_chosen_whatever_the_atr(
    pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool, atr: bytes
) -> None:
    lay(pcscd, slot, atr=atr)

    assert pkcs15("--name", tool="opensc-tool").stdout.strip() == "jpki"


def test_everything_is_listed(pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool) -> None:
    lay(pcscd, slot)

    listing = pkcs15("--dump")

    assert listing.returncode == 0
    assert "PKCS#15 Card [JPKI]" in listing.stdout
    assert listing.stdout.count("Private RSA Key [") == 2
    assert listing.stdout.count("X.509 Certificate [") == 4
    assert f"02 04 {PROFILES['adult'].authentication_serial:08X}" in listing.stdout


@pytest.mark.parametrize(
    ("profile", "authentication", "signing"),
    [("adult", 3, 5), ("auth-last-try", 1, 5), ("auth-locked", 0, 5), ("sign-last-try", 3, 1), ("sign-locked", 3, 0)],
)
def test_the_tries_left_are_listed_and_not_spent(
    pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool, profile: str, authentication: int, signing: int
) -> None:
    lay(pcscd, slot, profile)

    for _ in range(2):
        listing = pkcs15("--list-pins")
        lines = [line.split(":")[1].strip() for line in listing.stdout.splitlines() if "Tries left" in line]
        assert listing.returncode == 0
        assert lines == [str(authentication), str(signing)]


@pytest.mark.parametrize("number", ["1", "3", "4"])
def test_public_certificates_are_read_without_a_pin(
    pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool, number: str
) -> None:
    lay(pcscd, slot)
    authorities = pki.load_or_create(shared_home())

    answer = pkcs15("--read-certificate", number)

    certificate = x509.load_pem_x509_certificate(answer.stdout.encode())
    expected_key_id = (authorities.signing if number == "4" else authorities.authentication).key_id
    assert pki.issuer_key_id(certificate) == expected_key_id
    assert certificate.serial_number == (PROFILES["adult"].authentication_serial if number == "1" else 1)


def test_the_signing_certificate_is_refused_without_its_password(
    pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool
) -> None:
    lay(pcscd, slot)

    refused = pkcs15("--read-certificate", "2")

    assert refused.returncode != 0
    assert "BEGIN CERTIFICATE" not in refused.stdout


def test_the_signing_certificate_is_read_with_its_password(pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool) -> None:
    lay(pcscd, slot)

    answer = pkcs15("--read-certificate", "2", "--verify-pin", "--auth-id", "2", "--pin", "ABC123")

    pem = answer.stdout[answer.stdout.index("-----BEGIN") :]
    assert x509.load_pem_x509_certificate(pem.encode()).serial_number == PROFILES["adult"].signing_serial


def test_a_right_pin_is_accepted_a_wrong_one_costs_a_try_and_a_right_one_gives_all_back(
    pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool
) -> None:
    lay(pcscd, slot)

    wrong = pkcs15("--verify-pin", "--auth-id", "1", "--pin", "9999")
    assert wrong.returncode != 0
    assert "PIN code or key incorrect" in wrong.stderr
    assert "Tries left     : 2" in pkcs15("--list-pins").stdout
    assert pkcs15("--verify-pin", "--auth-id", "1", "--pin", "1234").returncode == 0
    assert "Tries left     : 3" in pkcs15("--list-pins").stdout


def test_a_blocked_pin_refuses_even_the_right_digits(pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool) -> None:
    lay(pcscd, slot, "auth-last-try")
    pkcs15("--verify-pin", "--auth-id", "1", "--pin", "9999")

    blocked = pkcs15("--verify-pin", "--auth-id", "1", "--pin", "1234")

    assert blocked.returncode != 0
    assert "Reference data not usable" in blocked.stderr
    assert "Tries left     : 0" in pkcs15("--list-pins").stdout


def test_none_of_the_foreign_probes_finds_an_application(pcscd: PrivatePcscd, slot: CardSlot, pkcs15: Tool) -> None:
    lay(pcscd, slot)

    pkcs15("--name", tool="opensc-tool")

    taken = {
        entry.selected for entry in slot.apdu_log.entries() if entry.header.startswith("00A404") and entry.sw == 0x9000
    }
    assert taken <= {"D392F000260100000001"}
