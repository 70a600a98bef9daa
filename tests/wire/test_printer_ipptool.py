"""A stranger's verdict on the emulated printer: CUPS's ipptool with Debian's IPP/1.1 and IPP/2.0 test files, untouched."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from simulator.devices.printer.traits import Traits
from simulator.devices.printer.wire import PrinterServer
from tests.printer_kit import specimen_pdf
from tests.system import require

pytestmark = pytest.mark.system

TEST_FILES = Path("/usr/share/cups/ipptool")
LETTER_POINTS = (612.0, 792.0)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Debian's test files beside documents of our own: ipptool stops reading, with exit 0, at a file that is missing."""
    require("ipptool")
    directory = tmp_path / "ipptool"
    directory.mkdir()
    for name in ("ipp-1.1.test", "ipp-2.0.test"):
        shutil.copy(TEST_FILES / name, directory)
    (directory / "document-a4.pdf").write_bytes(specimen_pdf(4))
    (directory / "document-letter.pdf").write_bytes(specimen_pdf(4, LETTER_POINTS))
    for name in ("document-a4.ps", "document-letter.ps"):
        (directory / name).write_text("%!PS SPECIMEN\nshowpage\n")
    for name in ("color.jpg", "gray.jpg"):
        Image.new("RGB", (8, 8)).save(directory / name)
    return directory


def verdicts(output: str) -> dict[str, int]:
    return {word: output.count(f"[{word}]") for word in ("PASS", "FAIL", "SKIP")}


@pytest.mark.parametrize(
    ("version", "name", "last_test", "least_passed"),
    [
        ("1.1", "ipp-1.1.test", "Release-Job", 34),
        ("2.0", "ipp-2.0.test", "PWG 5100.12 section 6.2 - Required Printer Description Attributes", 35),
    ],
)
def test_the_emulator_passes_without_a_failure(
    suite: Path, tmp_path: Path, version: str, name: str, last_test: str, least_passed: int
) -> None:
    with PrinterServer(tmp_path / "spool", traits=Traits(side_s=0.1)) as server:
        command = ["ipptool", "-V", version, "-tv", "-f", "document-a4.pdf", server.uri, name]
        ran = subprocess.run(command, cwd=suite, capture_output=True, text=True, timeout=120, check=False)
    told = verdicts(ran.stdout)
    assert ran.stderr == "", ran.stderr
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert told["FAIL"] == 0, ran.stdout[-4000:]
    assert told["PASS"] >= least_passed, told
    assert re.search(rf"^ *{re.escape(last_test)} +\[PASS\]$", ran.stdout, re.MULTILINE), (
        "ipptool did not come to its end"
    )


def test_ipptool_does_fail_a_printer_that_breaks_a_rule(suite: Path, tmp_path: Path) -> None:
    """The check can fail: a suite that expects another name is not passed."""
    (suite / "wrong.test").write_text(
        '{\nNAME "Another name"\nOPERATION Get-Printer-Attributes\nGROUP operation-attributes-tag\n'
        "ATTR charset attributes-charset utf-8\nATTR naturalLanguage attributes-natural-language en\nATTR uri printer-uri $uri\n"
        'STATUS successful-ok\nEXPECT printer-name WITH-VALUE "real printer"\n}\n'
    )
    with PrinterServer(tmp_path / "spool") as server:
        command = ["ipptool", "-t", server.uri, "wrong.test"]
        ran = subprocess.run(command, cwd=suite, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode != 0
    assert verdicts(ran.stdout)["FAIL"] == 1
