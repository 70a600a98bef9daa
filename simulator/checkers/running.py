"""Running checkers over a history, in one pass: what comes in goes to whoever asked for its kind.

What holds for every checker is decided here: a history without its end, or of a run that did not complete, makes no verdict true,
and a checker that breaks is unknown, whatever it thought so far (Jepsen's ``check-safe``; breaches it had found stay found).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from simulator.checkers.lines import Line, numbered, read_lines
from simulator.checkers.verdict import Findings, Truth, Verdict
from simulator.history import At, HistoryError
from simulator.seen import RunEnded, Seen

Handlers: TypeAlias = Mapping[type[Any], Callable[[Any], None]]
"""Kind of what is seen -> what is done with a line of it (``Line[kind]``)."""

EXIT_CODES: Mapping[Truth, int] = {Truth.TRUE: 0, Truth.FALSE: 1, Truth.UNKNOWN: 3}
EXIT_REFUSED = 2
"""The file is no history."""


class Checking(Protocol):
    """A checker at work on one history."""

    def handlers(self) -> Sequence[Handlers]:
        """What it does with which kind; where several have one kind, in this order."""
        ...

    def finish(self, complete: bool) -> None:
        """The history is over. Only if ``complete`` does absence prove anything."""
        ...


@dataclass(frozen=True, slots=True)
class Checker:
    """A checker of one promise. ``proves`` says in a sentence what a true verdict means."""

    promise: str
    name: str
    proves: str
    start: Callable[[Findings], Checking]


class Examination:
    """Checkers at work on one history that comes line by line: ``take`` all of it, then ask for ``verdicts``."""

    def __init__(self, checkers: Iterable[Checker]) -> None:
        self._frame = _Frame()
        self._checks = [_Check(checker) for checker in checkers]
        self._routes: dict[type[Any], list[tuple[_Check, Callable[[Any], None]]]] = {}
        for check in self._checks:
            for kind, handler in check.handlers():
                self._routes.setdefault(kind, []).append((check, handler))

    def take(self, line: Line[Seen]) -> None:
        """The next line."""
        self._frame.take(line)
        for check, handler in self._routes.get(type(line.seen), ()):
            check.handle(handler, line)

    def verdicts(self) -> dict[str, Verdict]:
        """Promise to verdict. Ask once: the history is over then."""
        return {check.checker.promise: check.verdict(self._frame) for check in self._checks}


def check_lines(lines: Iterable[Line[Seen]], checkers: Iterable[Checker]) -> dict[str, Verdict]:
    """Promise to verdict of ``checkers`` over a whole history."""
    examination = Examination(checkers)
    for line in lines:
        examination.take(line)
    return examination.verdicts()


def check(history: Iterable[At], checker: Checker) -> Verdict:
    """The verdict of one checker over a history in memory."""
    return check_lines(numbered(history), (checker,))[checker.promise]


def main(checker: Checker) -> None:
    """One checker as a program of its own: ``python -m simulator.checkers.NAME HISTORY``; exit 0 true, 1 false, 3 unknown."""
    import typer

    def run(history: Path) -> None:
        try:
            verdict = check_lines(read_lines(history), (checker,))[checker.promise]
        except (HistoryError, OSError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(EXIT_REFUSED) from None
        typer.echo(told(checker, verdict))
        raise typer.Exit(EXIT_CODES[verdict.truth])

    run.__doc__ = f"{checker.promise}: {checker.proves}"
    typer.run(run)


def told(checker: Checker, verdict: Verdict) -> str:
    """The verdict in words, a line for each reason."""
    head = f"{checker.promise} {checker.name}: {verdict.truth.value} ({verdict.examined} examined)"
    more = [f"  and {verdict.unlisted} more"] if verdict.unlisted else []
    return "\n".join([head, *(f"  {reason}" for reason in verdict.reasons), *more])


class _Check:
    """A checker with its findings; it goes on until it breaks."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self._findings = Findings()
        self._broken = False
        self._checking = self._guarded(lambda: checker.start(self._findings))

    def handlers(self) -> list[tuple[type[Any], Callable[[Any], None]]]:
        checking = self._checking
        parts = self._guarded(lambda: checking.handlers() if checking is not None else ()) or ()
        return [item for part in parts for item in part.items()]

    def handle(self, handler: Callable[[Any], None], line: Line[Seen]) -> None:
        if not self._broken:
            self._guarded(lambda: handler(line), line)

    def verdict(self, frame: "_Frame") -> Verdict:
        checking = self._checking
        if checking is not None and not self._broken:
            self._guarded(lambda: checking.finish(frame.complete))
        for what, line in frame.doubts():
            self._findings.doubt(what, line)
        return self._findings.verdict()

    def _guarded(self, deed: Callable[[], Any], line: Line[Seen] | None = None) -> Any:
        try:
            return deed()
        except Exception as error:
            # A checker's own fault must neither pass for a kept promise nor take the other checkers along.
            self._broken = True
            self._findings.doubt(f"the checker itself broke: {type(error).__name__}: {error}", line)
            return None


class _Frame:
    """What any history must have: its lines in order, and one end."""

    def __init__(self) -> None:
        self._end: Line[RunEnded] | None = None
        self._after_end: Line[Seen] | None = None
        self._disorder: Line[Seen] | None = None
        self._last_s = 0.0

    def take(self, line: Line[Seen]) -> None:
        if self._end is not None:
            self._after_end = self._after_end or line
        if line.at_s < self._last_s:
            self._disorder = self._disorder or line
        self._last_s = line.at_s
        if isinstance(line.seen, RunEnded):
            self._end = Line(line.number, line.at_s, line.seen)

    @property
    def complete(self) -> bool:
        return self._end is not None and self._end.seen.complete and self._after_end is None

    def doubts(self) -> Iterable[tuple[str, Line[Seen] | None]]:
        if self._end is None:
            yield "the history has no end: what happened afterwards nobody knows", None
        elif not self._end.seen.complete:
            yield f"the run did not complete: {self._end.seen.why or 'no reason is given'}", self._end
        if self._after_end is not None:
            yield "the history goes on after its end", self._after_end
        if self._disorder is not None:
            yield "the lines are not in the order of time", self._disorder
