"""P9 no disguise: every screen and every page of a simulated terminal says SPECIMEN.

Lives on ``ScreenShown`` and ``SheetsCame``. That a production start refuses simulated devices is nothing that a history shows.
"""

from simulator.checkers.lines import Line
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.verdict import Findings
from simulator.seen import ScreenShown, SheetsCame


class DisguiseCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._screens = False

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        return ({ScreenShown: self._screen, SheetsCame: self._sheets},)

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        if not self._screens:
            self._findings.doubt("no screen was seen")

    def _screen(self, line: Line[ScreenShown]) -> None:
        self._screens = True
        self._findings.examine()
        if not line.seen.specimen:
            self._findings.breach(f"the screen {line.seen.screen} does not say SPECIMEN", line)

    def _sheets(self, line: Line[SheetsCame]) -> None:
        if not line.seen.pages:
            self._findings.doubt("sheets came that nobody has read", line)
        for page in line.seen.pages:
            self._findings.examine()
            if not page.specimen:
                told = f"delivery {line.seen.delivery}, page {page.page} of {page.pages}"
                self._findings.breach(f"{told} does not say SPECIMEN", line)


CHECKER = Checker("P9", "disguise", "every screen and every page said SPECIMEN", DisguiseCheck)

if __name__ == "__main__":
    main(CHECKER)
