"""What ``honnin sheet verify`` says of a sheet: whose it is, who signed it, and page by page what was compared.

Unlike a gate's result this is for whoever holds the paper, so it names the person on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from printer_templates.marks.page_code import PageCode
from terminal.verification.verdict import FieldFinding, Severity

_MARKS = {Severity.PASSES: "ok", Severity.UNDECIDED: "??", Severity.FAILS: "NO", Severity.DIFFERS: "NO"}


@dataclass(frozen=True, slots=True, repr=False)
class PageReport:
    """One page: its signed code if one was read and holds, the signer's name in words, and every comparison made."""

    source: str
    code: PageCode | None
    signer: str
    findings: tuple[FieldFinding, ...]

    @property
    def genuine(self) -> bool:
        """True when the code is rightly signed and every comparison says ``same``, the content's among them."""
        return self.code is not None and all(finding.severity is Severity.PASSES for finding in self.findings)

    def lines(self) -> Iterator[str]:
        """The page in words."""
        yield f"{self.source}: {'genuine and unaltered' if self.genuine else 'NOT shown to be genuine and unaltered'}"
        if self.code is not None:
            code = self.code
            yield f"  document {code.document_number}, copy {code.copy}, page {code.page} of {code.pages}"
            yield f"  subject (applicant): {code.subject_name}"
            yield f"  stated by municipality {code.municipality_code}, signed by {self.signer}"
        for finding in self.findings:
            words = finding.words
            yield f"  [{_MARKS[finding.severity]}] {finding.field}: {words.ja} / {words.en}"


@dataclass(frozen=True, slots=True, repr=False)
class SheetReport:
    """All pages of what was given, and what concerns them together (a page that is missing, a page twice)."""

    pages: tuple[PageReport, ...]
    together: tuple[FieldFinding, ...]

    @property
    def genuine(self) -> bool:
        """True when there is a page and every page and the whole are shown to be genuine and unaltered."""
        whole = all(finding.severity is Severity.PASSES for finding in self.together)
        return bool(self.pages) and whole and all(page.genuine for page in self.pages)

    def render_text(self) -> str:
        """The report for people, one line a fact; the last line is the verdict."""
        lines = [line for page in self.pages for line in page.lines()]
        for finding in self.together:
            lines.append(f"[{_MARKS[finding.severity]}] {finding.field}: {finding.words.ja} / {finding.words.en}")
        verdict = "GENUINE AND UNALTERED" if self.genuine else "NOT SHOWN TO BE GENUINE AND UNALTERED"
        return "\n".join([*lines, f"verdict: {verdict}"])
