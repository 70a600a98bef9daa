"""Configurations for tests: the two example files, with every file they name put beside them."""

import datetime
import tomllib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


def certificate(*names: str) -> bytes:
    """A self-signed certificate whose organisation names are ``names``, as PEM."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, text) for text in names])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=900))
    return builder.sign(key, None).public_bytes(Encoding.PEM)


def install(folder: Path, example: str, text: str | None = None) -> Path:
    """Put the example (or ``text``) and everything it names into ``folder``; the path of the TOML file."""
    source = (EXAMPLES / example).read_text(encoding="utf-8")
    raw = tomllib.loads(source)
    mark = "SPECIMEN" if raw["terminal"].get("simulated") else "J-LIS"
    for name in (raw["centre"]["ca"], raw["centre"]["certificate"], *raw["trust"]["card_cas"]):
        _put(folder / name, certificate(mark, "authority"))
    for name in (raw["trust"]["municipalities"], raw["trust"]["sheet_keys"]):
        _put(folder / name, f'{{"keys":[{{"kid":"{mark}-1"}}]}}'.encode())
    for name in (raw["centre"]["key"], raw["trust"]["sheet_key"]):
        _put(folder / name, b"key")
    if "pin_pad" in raw:
        _put(folder / raw["pin_pad"]["key"], b"public key")
    path = folder / example
    path.write_text(source if text is None else text, encoding="utf-8")
    return path


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)


def example_with(example: str, old: str, new: str) -> str:
    """The example's text with ``old`` replaced; ``old`` has to be there."""
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new)
