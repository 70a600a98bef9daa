"""Questions and answers on a ccTalk bus, each within its bound. An answer names no question, so a late one must not be believed.

On the single wire a sender hears itself: the echo is read off and compared. A frame for another address, or from another sender,
is dropped. After anything went wrong the line is left until it is quiet, and two questions whose answers cannot be taken for one
another (simple poll: no data; category: some) tell whether answers belong to their questions, or each to the one before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from terminal.clock import Clock
from terminal.devices.coins.api import CoinsCode, CoinsFailed
from terminal.devices.coins.frames import BadFrame, Checksum, Frame, FrameDecoder, encode
from terminal.devices.coins.headers import HOST, Header
from terminal.devices.serial_line import LineError, SerialLine

_TRIES: Final = 3
_QUIET_READS_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class BusProfile:
    """How a maker's bus differs; times in seconds. ``echo``: the adapter lets the sender hear itself, as the single wire does."""

    checksum: Checksum = Checksum.SIMPLE
    echo: bool = True
    answer_s: float = 0.25
    quiet_s: float = 0.05
    busy_s: float = 0.1


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one try brought: an answer, or how it failed."""

    answer: Frame | None = None
    code: CoinsCode = CoinsCode.SILENT


class Bus:
    """The host's end of a bus."""

    def __init__(self, line: SerialLine, clock: Clock, wait: Callable[[float], None], profile: BusProfile) -> None:
        self._line = line
        self._clock = clock
        self._wait = wait
        self._profile = profile
        self._doubtful = True

    def ask(self, address: int, header: Header, data: bytes = b"", *, tries: int = _TRIES) -> bytes | CoinsFailed:
        """The data of the answer; ``tries`` 1 for what must not be said twice. Bounded by a second or so a try."""
        request = Frame(address, HOST, header, data)
        code = CoinsCode.SILENT
        for _ in range(tries):
            try:
                heard = self._try(request)
            except LineError as error:
                self._doubtful = True
                return CoinsFailed(CoinsCode.LINE_GONE, error.failure.text)
            if heard.answer is not None and heard.answer.header == Header.REPLY:
                return heard.answer.data
            if heard.answer is not None and heard.answer.header == Header.NAK:
                return CoinsFailed(CoinsCode.BAD_ANSWER, f"device {address} refuses header {int(header)} (NAK)")
            code = heard.code if heard.answer is None else CoinsCode.BAD_ANSWER
            self._wait(self._profile.busy_s if heard.answer is not None else 0.0)
        return CoinsFailed(code, _WORDS.get(code, "no usable answer") + f" from device {address}; check bus and power")

    def _try(self, request: Frame) -> _Heard:
        failed = self._find_step(request.destination) if self._doubtful else None
        return failed if failed is not None else self._exchange(request)

    def _find_step(self, address: int) -> _Heard | None:
        """None when the answers of ``address`` are in step with the questions; every lag begins with a silence."""
        for header, has_data in _PROBES:
            heard = self._exchange(Frame(address, HOST, header))
            if heard.answer is None or heard.answer.header == Header.BUSY:
                return heard
            if heard.answer.header != Header.REPLY or bool(heard.answer.data) is not has_data:
                self._settle()
                return _Heard(code=CoinsCode.BAD_ANSWER)
        self._doubtful = False
        return None

    def _exchange(self, request: Frame) -> _Heard:
        raw = encode(request, self._profile.checksum)
        self._line.discard()
        self._line.write(raw)
        heard = self._listen(request.destination, len(raw) if self._profile.echo else 0, raw)
        if heard.answer is None:
            self._doubtful = True
            self._settle()
        return heard

    def _listen(self, address: int, echo_left: int, raw: bytes) -> _Heard:
        decoder = FrameDecoder(self._profile.checksum)
        echo, bad = b"", False
        answers: list[Frame] = []
        until_s = self._clock.now_s() + self._profile.answer_s
        while (left_s := until_s - self._clock.now_s()) > 0 and not answers and not bad:
            came = self._line.read(left_s)
            if echo_left:
                echo, came = echo + came[:echo_left], came[echo_left:]
                echo_left = len(raw) - len(echo)
                if not raw.startswith(echo):
                    return _Heard(code=CoinsCode.BAD_ANSWER)
            answers, bad = self._sort(decoder.feed(came), address, answers)
        if answers and not bad:
            # Another frame behind the first: one of the two answers an earlier question.
            more = decoder.feed(self._line.read(self._profile.quiet_s if self._doubtful else 0.0))
            answers, bad = self._sort(more, address, answers)
        if len(answers) == 1 and not bad and not decoder.flush():
            return _Heard(answers[0])
        return _Heard(code=CoinsCode.BAD_ANSWER if answers or bad or decoder.flush() else CoinsCode.SILENT)

    def _sort(
        self, found: tuple[Frame | BadFrame, ...], address: int, answers: list[Frame]
    ) -> tuple[list[Frame], bool]:
        """The answers so far and those of ``found`` that are for us from ``address``; whether something was no frame."""
        ours = [
            frame
            for frame in found
            if isinstance(frame, Frame) and frame.destination == HOST and frame.source in (None, address)
        ]
        return [*answers, *ours], any(isinstance(frame, BadFrame) for frame in found)

    def _settle(self) -> None:
        """Wait until nothing comes any more; bounded, for a device that babbles never stops."""
        for _ in range(_QUIET_READS_MAX):
            if not self._line.read(self._profile.quiet_s):
                return


_PROBES: Final = ((Header.SIMPLE_POLL, False), (Header.REQUEST_CATEGORY, True))
_WORDS: Final = {
    CoinsCode.SILENT: "no answer",
    CoinsCode.BAD_ANSWER: "no sound answer",
}
