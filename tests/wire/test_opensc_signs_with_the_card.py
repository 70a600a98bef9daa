"""pkcs11-tool signs with both keys of the emulated card, and the openssl command verifies what it made."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from simulator import pki
from simulator.devices.card_reader.pcscd import PrivatePcscd
from simulator.devices.card_reader.personalisation import load_material
from simulator.devices.card_reader.profiles import profile
from simulator.devices.card_reader.wire import NOTICED_ABSENCE_S, CardSlot
from tests.emulated_card_kit import fresh_card, shared_home
from tests.system import require
from tests.wire.conftest import wait_for_card

pytestmark = pytest.mark.system

MESSAGE = "本人 SPECIMEN".encode()
DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")
SLOTS = [pytest.param("0", "1", "1234", id="authentication"), pytest.param("1", "2", "ABC123", id="signing")]


def run(pcscd: PrivatePcscd, *command: str) -> subprocess.CompletedProcess[str]:
    require(command[0])
    return subprocess.run(command, env=os.environ | pcscd.env, capture_output=True, text=True, timeout=30, check=False)


def lay(pcscd: PrivatePcscd, slot: CardSlot, name: str = "adult") -> None:
    slot.insert(fresh_card(name), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)


def public_key(path: Path, key_id: str) -> str:
    home = shared_home()
    material = load_material(home, profile("adult"), pki.load_or_create(home))
    certificate = material.authentication_certificate if key_id == "1" else material.signing_certificate
    assert isinstance(certificate, x509.Certificate)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    path.write_bytes(certificate.public_key().public_bytes(serialization.Encoding.PEM, form))
    return str(path)


def sign(
    pcscd: PrivatePcscd, directory: Path, data: bytes, token: tuple[str, str, str], mechanism: str
) -> subprocess.CompletedProcess[str]:
    slot_index, key_id, pin = token
    (directory / "data").write_bytes(data)
    return run(
        pcscd, "pkcs11-tool", "--slot-index", slot_index, "--login", "--pin", pin, "--sign", "--id", key_id,
        "--mechanism", mechanism, "--input-file", str(directory / "data"), "--output-file", str(directory / "signature"),
    )  # fmt: skip


def test_two_tokens_are_listed(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    lay(pcscd, slot)

    slots = run(pcscd, "pkcs11-tool", "--list-slots").stdout

    assert "JPKI (User Authentication PIN)" in slots
    assert "JPKI (Digital Signature PIN)" in slots


def test_the_objects_are_listed(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    lay(pcscd, slot)

    objects = run(pcscd, "pkcs11-tool", "--list-objects").stdout

    assert "User Authentication Certificate" in objects
    assert f"{profile('adult').authentication_serial:08X}" in objects
    assert "NOT JPKI - SPECIMEN" in objects


@pytest.mark.parametrize(("slot_index", "key_id", "pin"), SLOTS)
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_a_message_is_signed_and_openssl_verifies_it(
    pcscd: PrivatePcscd, slot: CardSlot, tmp_path: Path, slot_index: str, key_id: str, pin: str, digest: str
) -> None:
    lay(pcscd, slot)

    signed = sign(pcscd, tmp_path, MESSAGE, (slot_index, key_id, pin), f"{digest.upper()}-RSA-PKCS")

    assert signed.returncode == 0, signed.stderr
    verdict = run(
        pcscd, "openssl", "dgst", f"-{digest}", "-verify", public_key(tmp_path / "key.pem", key_id),
        "-signature", str(tmp_path / "signature"), str(tmp_path / "data"),
    )  # fmt: skip
    assert verdict.stdout.strip() == "Verified OK"


@pytest.mark.parametrize(("slot_index", "key_id", "pin"), SLOTS)
def test_a_ready_digest_info_is_signed_as_it_is(
    pcscd: PrivatePcscd, slot: CardSlot, tmp_path: Path, slot_index: str, key_id: str, pin: str
) -> None:
    lay(pcscd, slot)
    digest_info = DIGEST_INFO_SHA256 + hashlib.sha256(MESSAGE).digest()

    signed = sign(pcscd, tmp_path, digest_info, (slot_index, key_id, pin), "RSA-PKCS")

    assert signed.returncode == 0, signed.stderr
    (tmp_path / "message").write_bytes(MESSAGE)
    verdict = run(
        pcscd, "openssl", "dgst", "-sha256", "-verify", public_key(tmp_path / "key.pem", key_id),
        "-signature", str(tmp_path / "signature"), str(tmp_path / "message"),
    )  # fmt: skip
    assert verdict.stdout.strip() == "Verified OK"


def test_a_wrong_pin_signs_nothing(pcscd: PrivatePcscd, slot: CardSlot, tmp_path: Path) -> None:
    lay(pcscd, slot)

    refused = sign(pcscd, tmp_path, MESSAGE, ("0", "1", "9999"), "SHA256-RSA-PKCS")

    assert refused.returncode != 0
    assert "CKR_PIN_INCORRECT" in refused.stderr
    assert not (tmp_path / "signature").exists() or (tmp_path / "signature").stat().st_size == 0


def test_no_log_of_the_slot_holds_the_pin(pcscd: PrivatePcscd, slot: CardSlot, tmp_path: Path) -> None:
    lay(pcscd, slot)
    sign(pcscd, tmp_path, MESSAGE, ("1", "2", "ABC123"), "SHA256-RSA-PKCS")

    log = "\n".join(str(entry) for entry in slot.apdu_log.entries())

    assert "00200080" in log
    assert "ABC123" not in log
    assert b"ABC123".hex().upper() not in log
