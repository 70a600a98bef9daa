"""The keys of the simulated centre and its municipalities, made once in a home, and the trust directory made from them.

Below ``<home>/centre``: the TLS authority with server and terminal certificates, each municipality's keys for bundles (ES256) and
findings (ECDH-ES), the keys that sign sheets (Ed25519) and the master key of the scramble images. ``<home>/trust`` gets what
terminals and ``sheet verify`` need, public parts only. All of it is throw-away: names say SPECIMEN.
"""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from joserfc.jwk import ECKey, OKPKey

from simulator.centre.tls import TlsAuthority, create_tls, load_tls
from simulator.home import Home, write_private
from terminal.centre.client import TlsFiles
from terminal.centre.sheet_keys import FILE_NAME as SHEET_KEYS_FILE
from terminal.centre.trust import FILE_NAME as MUNICIPALITIES_FILE

TLS_CA_FILE = "centre-tls-ca.pem"
SCRAMBLE_MASTER_FILE = "scramble-master.key"
_LIFETIME = timedelta(days=20 * 365)
_BACKDATED = timedelta(days=400)
_SCRAMBLE_INFO = b"honnin scramble image v1: "


@dataclass(frozen=True, slots=True, repr=False)
class MunicipalSecrets:
    """A municipality's private keys: ``signing`` makes bundles, ``encryption`` opens findings."""

    signing: ECKey
    encryption: ECKey


@dataclass(frozen=True, slots=True, repr=False)
class SheetKey:
    """A key that signs the 2D codes of sheets; it satisfies the forms' ``PageSigner``."""

    key_id: str
    key: Ed25519PrivateKey = field(compare=False)

    def sign(self, payload: bytes) -> bytes:
        """Ed25519 signature, 64 bytes (RFC 8032)."""
        return self.key.sign(payload)


@dataclass(frozen=True, slots=True, repr=False)
class CentrePki:
    """Everything of one home's centre; obtain it with ``load_or_create``."""

    home: Home
    directory: Path
    tls: TlsAuthority
    municipal: dict[str, MunicipalSecrets]
    scramble_master: bytes

    def scramble_key(self, document_number: str) -> bytes:
        """The 32-byte key of one sheet's scramble image: HKDF-SHA256 (RFC 5869) of the master and the document number."""
        info = _SCRAMBLE_INFO + document_number.encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self.scramble_master)

    def server_tls(self) -> TlsFiles:
        """The centre's own certificate, for localhost and the loopback addresses."""
        return self.tls.server_files()

    def terminal_tls(self, terminal_id: str) -> TlsFiles:
        """A terminal's client certificate (CN is the terminal's id), made at the first call."""
        with _locked(self.directory):
            return self.tls.terminal_files(terminal_id)

    def terminal_sheet_key(self, terminal_id: str) -> SheetKey:
        """The key with which this terminal signs the sheets that it prints (record mode), made at the first call."""
        return self._sheet_key(f"terminal-{terminal_id}", f"SPECIMEN terminal {terminal_id}")

    def municipal_sheet_key(self, municipality_code: str) -> SheetKey:
        """The key with which a municipality signs the sheets that it draws (document mode), made at the first call."""
        return self._sheet_key(f"municipality-{municipality_code}", f"SPECIMEN municipality {municipality_code}")

    def _sheet_key(self, key_id: str, owner: str) -> SheetKey:
        path = self.directory / "sheet-keys" / f"{key_id}.pem"
        if not path.exists():
            with _locked(self.directory):
                if not path.exists():
                    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                    write_private(path.with_suffix(".owner"), owner.encode())
                    write_private(path, pem)
                    _export_sheet_keys(self.home, path.parent)
        return SheetKey(key_id, _load_ed25519(path))


def enquiry_directory(home: Home) -> Path:
    """What the enquiry site trusts and knows: the sheets' keys and the scramble master key, which no terminal has.

    Source: reference service-and-incidents.md section 1.5 (問い合わせサイト).
    """
    return home.root / "enquiry"


def load_or_create(home: Home, municipality_codes: tuple[str, ...], now: datetime | None = None) -> CentrePki:
    """The home's centre keys, made at the first call by whichever process comes first, and the trust directory."""
    moment = datetime.now(UTC) if now is None else now
    directory = home.publish("centre", lambda draft: _create(draft, moment))
    with _locked(directory):
        municipal = {code: _municipal(directory, code, moment) for code in municipality_codes}
        _export_municipalities(home, directory)
        _write_if_changed(home.trust / TLS_CA_FILE, (directory / "tls" / "ca.pem").read_bytes())
        _write_if_changed(
            enquiry_directory(home) / SCRAMBLE_MASTER_FILE, (directory / SCRAMBLE_MASTER_FILE).read_bytes()
        )
    pki = CentrePki(
        home=home,
        directory=directory,
        tls=load_tls(directory / "tls"),
        municipal=municipal,
        scramble_master=(directory / SCRAMBLE_MASTER_FILE).read_bytes(),
    )
    for code in municipality_codes:
        pki.municipal_sheet_key(code)
    return pki


def _create(draft: Path, now: datetime) -> None:
    create_tls(draft / "tls", now)
    write_private(draft / SCRAMBLE_MASTER_FILE, secrets.token_bytes(32))
    write_private(draft / "READ-ME.txt", b"SPECIMEN: throw-away keys of a simulated certificate centre\n")


def _municipal(directory: Path, code: str, now: datetime) -> MunicipalSecrets:
    return MunicipalSecrets(
        signing=_jwk(directory, code, "sig", "ES256", now), encryption=_jwk(directory, code, "enc", "ECDH-ES", now)
    )


def _jwk(directory: Path, code: str, use: str, algorithm: str, now: datetime) -> ECKey:
    path = directory / "municipalities" / f"{code}.{use}.jwk.json"
    if not path.exists():
        fresh = ECKey.generate_key("P-256")
        members: dict[str, Any] = {
            **fresh.as_dict(private=True),
            "kid": f"SPECIMEN-{code}-{use}-{fresh.thumbprint()[:8]}",
            "use": use,
            "alg": algorithm,
            "municipality_code": code,
            "valid_from": (now - _BACKDATED).isoformat(),
            "valid_until": (now + _LIFETIME).isoformat(),
        }
        write_private(path, json.dumps(members, indent=1).encode())
    members = json.loads(path.read_bytes())
    return ECKey.import_key({name: members[name] for name in ("kty", "crv", "x", "y", "d", "kid", "use", "alg")})


def _export_municipalities(home: Home, directory: Path) -> None:
    keys = [json.loads(path.read_bytes()) for path in sorted((directory / "municipalities").glob("*.jwk.json"))]
    for key in keys:
        del key["d"]
    _write_if_changed(home.trust / MUNICIPALITIES_FILE, json.dumps({"keys": keys}, indent=1).encode())


def _export_sheet_keys(home: Home, directory: Path) -> None:
    keys = []
    for path in sorted(directory.glob("*.pem")):
        public = OKPKey.import_key(_load_ed25519(path).public_key()).as_dict(private=False)
        owner = path.with_suffix(".owner").read_text()
        keys.append(
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": public["x"],
                "kid": path.stem,
                "use": "sig",
                "alg": "EdDSA",
                "owner": owner,
            }
        )
    content = json.dumps({"keys": keys}, indent=1).encode()
    for place in (home.trust, enquiry_directory(home)):
        _write_if_changed(place / SHEET_KEYS_FILE, content)


def _load_ed25519(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(
            f"expected an Ed25519 key in {path.name}, found {type(key).__name__}; delete the home and start again"
        )
    return key


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        write_private(path, content)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One process at a time adds keys; the lock goes with the process."""
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
