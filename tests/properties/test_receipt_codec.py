"""Any bytes into the receipt printer's codecs end in answers or characters, in bounded memory; what is encoded comes back."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator.devices.receipt_printer.model import BUFFER_BYTES, ReceiptPrinterModel
from simulator.devices.receipt_printer.realtime import Data, RealTimeFilter
from simulator.devices.receipt_printer.stream import HELD_MAX, Stream
from simulator.devices.receipt_printer.wire import ReceiptPrinterWire
from terminal.clock import ManualClock
from terminal.devices.receipt_printer.api import COLUMNS, ReceiptCode
from terminal.devices.receipt_printer.codec import (
    PROCESS_NUMBERS,
    Answer,
    AnswerDecoder,
    BuffersCleared,
    PrinterStatus,
    ProcessDone,
    StatusByte,
    StatusKind,
    Stray,
    encode_answer,
    is_status,
    process_id,
)
from terminal.devices.receipt_printer.text import columns, encode, printable, spread, wrap

STATUS_BYTES = [byte for byte in range(256) if is_status(byte)]
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.sampled_from(STATUS_BYTES).map(StatusByte),
    st.integers(0, PROCESS_NUMBERS - 1).map(lambda number: ProcessDone(process_id(number))),
    st.just(BuffersCleared()),
)


def _chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


@given(st.lists(ANSWERS), st.lists(st.integers(0, 10_000)))
def test_answers_come_back_however_they_are_cut(answers: list[Answer], cuts: list[int]) -> None:
    decoder = AnswerDecoder()
    data = b"".join(map(encode_answer, answers))
    assert [found for chunk in _chunks(data, cuts) for found in decoder.feed(chunk)] == answers
    assert decoder.reset() == b""


@given(st.binary(max_size=3000), st.lists(st.integers(0, 10_000)))
def test_any_bytes_end_in_answers_or_strays_and_none_is_lost(data: bytes, cuts: list[int]) -> None:
    decoder, whole = AnswerDecoder(), AnswerDecoder()
    found = [answer for chunk in _chunks(data, cuts) for answer in decoder.feed(chunk)]
    assert tuple(found) == whole.feed(data)
    half = decoder.reset()
    assert len(half) < 7
    assert b"".join(map(encode_answer, found)) + half == bytes(byte for byte in data if byte not in (0x11, 0x13))


@given(st.integers(0, PROCESS_NUMBERS - 1), st.integers(0, 6), st.integers(0, 7))
def test_a_bit_that_turns_over_in_the_word_for_printed_never_makes_another_word_of_ours(
    number: int, place: int, bit: int
) -> None:
    sent = bytearray(encode_answer(ProcessDone(process_id(number))))
    sent[place] ^= 1 << bit
    ours = {process_id(other) for other in range(number - 200, number + 200)}
    found = AnswerDecoder().feed(bytes(sent))
    assert not [answer for answer in found if isinstance(answer, ProcessDone) and answer.process_id in ours]


@given(st.integers(0, PROCESS_NUMBERS - 1), st.integers(0, PROCESS_NUMBERS - 1))
def test_two_process_ids_differ_in_three_characters(one: int, other: int) -> None:
    if one != other:
        differing = sum(a != b for a, b in zip(process_id(one), process_id(other), strict=True))
        assert differing >= 3


@given(
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([0.0, 30.0, 500.0]),
    st.integers(0, 3), st.integers(0, 7),
)  # fmt: skip
def test_a_bit_that_turns_over_in_a_status_never_makes_a_stopped_printer_ready(
    cover: bool, cutter: bool, broken: bool, offline: bool, paper: float, place: int, bit: int
) -> None:
    model = ReceiptPrinterModel(ManualClock(datetime(2026, 4, 1, tzinfo=UTC)))
    model.cover_open, model.cutter_error, model.hardware_error = cover, cutter, broken
    model.forced_offline, model.paper_lines = offline, paper
    # A printer that is off-line by hand says so in one bit alone: there the word for "printed" is what keeps a slip honest.
    assume((place, bit) != (0, 3) or cover or cutter or broken or paper == 0 or not offline)
    sent = [model.status(kind) for kind in StatusKind]
    true_levels = PrinterStatus(*sent).levels
    assert (not set(true_levels) - {ReceiptCode.PAPER_LOW}) == (not model.stopped)
    sent[place] ^= 1 << bit
    if is_status(sent[place]):
        assert bool(set(PrinterStatus(*sent).levels)) >= bool(true_levels)
        if model.stopped:
            assert set(PrinterStatus(*sent).levels) - {ReceiptCode.PAPER_LOW}
    else:
        assert AnswerDecoder().feed(bytes([sent[place]])) in ((Stray(bytes([sent[place]])),), ())


@given(st.text(max_size=200), st.integers(2, COLUMNS))
def test_any_text_is_printed_whole_within_the_width(text: str, width: int) -> None:
    kept, replaced = printable(text)
    lines = wrap(kept, width)
    assert "".join(lines) == kept
    assert all(columns(line) <= width for line in lines)
    assert len(encode(kept)) == columns(kept)
    assert not any(byte < 0x20 for byte in encode(kept)), "no command hides in text"
    assert printable(kept) == (kept, 0)
    assert replaced >= kept.count("〓") - text.count("〓")


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_ends_of_a_line_keep_their_text_and_their_edge(left: str, right: str) -> None:
    left, right = printable(left)[0], printable(right)[0]
    lines = spread(left, right, COLUMNS)
    assert all(columns(line) <= COLUMNS for line in lines)
    assert "".join(lines).replace(" ", "") == (left + right).replace(" ", "")
    assert not right or right.endswith(" ") or lines[-1].endswith(right[-1])


@settings(max_examples=150)
@given(st.binary(max_size=2000), st.lists(st.integers(0, 10_000)))
def test_a_printer_takes_any_bytes_in_any_pieces_in_bounded_memory(data: bytes, cuts: list[int]) -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    model = ReceiptPrinterModel(clock)
    wire = ReceiptPrinterWire(model)
    for chunk in _chunks(data, cuts):
        wire.receive(chunk)
        clock.advance(1.0)
        wire.tick()
    assert len(model._buffer) <= BUFFER_BYTES


@given(st.binary(max_size=600), st.lists(st.integers(0, 10_000)))
def test_what_is_no_real_time_command_passes_through(data: bytes, cuts: list[int]) -> None:
    data = data.replace(b"\x10", b"\x20")
    real_time = RealTimeFilter()
    found = [part for chunk in _chunks(data, cuts) for part in real_time.feed(chunk)]
    assert b"".join(part.data for part in found if isinstance(part, Data)) == data


@given(st.binary(max_size=400))
def test_a_stream_never_holds_more_than_its_bound(data: bytes) -> None:
    stream = Stream()
    for byte in b"\x1dv0\x00\xff\xff\xff\xff" + data:
        stream.push(byte)
        assert stream.held_bytes <= HELD_MAX
