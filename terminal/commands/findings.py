"""Sealing a wrong-person finding: the evidence can be read by the municipality only, and outlives the session (promise P6)."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from terminal.centre.sealing import seal_finding
from terminal.centre.trust import MunicipalityKeys
from terminal.person import Person
from terminal.verification.verdict import GateResult


@dataclass(frozen=True, slots=True)
class SealedFinding:
    """The finding's random id and its evidence as JWE compact."""

    finding_id: str
    sealed: str


@dataclass(frozen=True, slots=True)
class FindingSealer:
    """Writes sealed findings to ``directory`` (kept until the municipality has them)."""

    directory: Path
    keys: MunicipalityKeys
    terminal_id: str

    def seal(self, code: str, person: Person, evidence: tuple[GateResult, ...], now: datetime) -> SealedFinding:
        """Encrypt what was found to the municipality of the session and write it down, so that it survives a power cut.

        Raise ``CentreError``, ``OSError``; then no file is left.
        """
        if person.session is None:
            raise RuntimeError("a finding needs a session: it is about a bundle that the session was sent")
        finding_id = secrets.token_hex(16)
        key = self.keys.encryption(person.session.municipality_code, now)
        sealed = seal_finding(self._evidence(finding_id, code, person, evidence, now), key)
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep(self.directory / f"{finding_id}.jwe", sealed)
        return SealedFinding(finding_id, sealed)

    def _evidence(
        self, finding_id: str, code: str, person: Person, evidence: tuple[GateResult, ...], now: datetime
    ) -> bytes:
        findings = [
            {"gate": result.gate, "field": finding.field, "verdict": finding.verdict, "reason": finding.reason}
            for result in evidence
            for finding in result.findings
        ]
        content = {
            "finding_id": finding_id,
            "terminal_id": self.terminal_id,
            "at": now.isoformat(),
            "code": code,
            "request_id": person.request_id,
            "findings": findings,
            "bundle_jws": person.bundle.jws if person.bundle else None,
        }
        return json.dumps(content, ensure_ascii=False).encode()


def _keep(path: Path, sealed: str) -> None:
    partial = path.with_suffix(".part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
