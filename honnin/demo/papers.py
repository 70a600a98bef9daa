"""What the demo leaves behind: each sheet as PDF and PNG, verified, and a summary of one page."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from simulator.centre.pki import enquiry_directory
from simulator.home import Home
from terminal.journal.verify import verify_journal
from terminal.verification.sheet_file import verify_sheet

if TYPE_CHECKING:
    from honnin.demo.story import Told

_DPI = 150
_NAMES = {1: "residence-certificate", 2: "seal-certificate"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One print job as it lay in the tray, its pictures, and what ``honnin sheet verify`` says of it."""

    pdf: Path
    pictures: tuple[Path, ...]
    genuine: bool


def collect_sheets(told: Sequence["Told"], out: Path, home: Home) -> tuple[Sheet, ...]:
    """Copy the sheets of each visit to ``out/sheets``, draw their pictures and verify them."""
    directory = out / "sheets"
    directory.mkdir(parents=True, exist_ok=True)
    sheets = []
    for one in told:
        for path in one.sheets:
            stem = f"{one.visit.number}-{_NAMES.get(one.visit.number, 'sheet')}"
            pdf = directory / f"{stem}.pdf"
            shutil.copy(path, pdf)
            report = verify_sheet([pdf], enquiry_directory(home))
            pdf.with_suffix(".verified.txt").write_text(report.render_text() + "\n", encoding="utf-8")
            sheets.append(Sheet(pdf, _pictures(pdf), report.genuine))
    return tuple(sheets)


def _pictures(pdf: Path) -> tuple[Path, ...]:
    pictures = []
    document = pdfium.PdfDocument(pdf)
    try:
        for index in range(len(document)):
            side = "front" if index % 2 == 0 else "back"
            path = pdf.with_name(f"{pdf.stem}-{index // 2 + 1}-{side}.png")
            page = document[index]
            page.render(scale=_DPI / 72).to_pil().save(path)
            page.close()
            pictures.append(path)
    finally:
        document.close()
    return tuple(pictures)


def write_summary(
    out: Path, told: Sequence["Told"], sheets: Sequence[Sheet], wires: Mapping[str, str], took_s: float
) -> Path:
    """One page: who came, what for, what came of it, and what anybody can check now."""
    journal = verify_journal(out / "journal.sqlite")
    for suffix in ("-wal", "-shm"):
        # What SQLite lays beside a journal that is read; the journal was at rest, so nothing is in them.
        (out / f"journal.sqlite{suffix}").unlink(missing_ok=True)
    lines = [
        "# What happened (見本 / SPECIMEN)",
        "",
        "| | customer | wanted | outcome | till after |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.visit.number} | {one.visit.who} | {one.wanted} | {one.outcome} | {one.held_yen} yen |" for one in told
    ]
    lines += ["", "| device | on |", "|---|---|", *(f"| {name} | {wire} |" for name, wire in wires.items())]
    lines += ["", "| sheet | genuine and unaltered |", "|---|---|"]
    lines += [f"| {sheet.pdf.name} | {'yes' if sheet.genuine else 'NO'} |" for sheet in sheets]
    lines += ["", f"Journal: {'chain unbroken, every start has one end' if journal.ok else 'NOT in order'}.", ""]
    lines += [f"Told in {took_s:.0f} s. Receipts of every step are in `receipts/`, the sheets in `sheets/`.", ""]
    path = out / "summary.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
