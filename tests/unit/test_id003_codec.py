"""ID-003's bytes: frames that public hosts send, the table of notes, and what no frame may be."""

import pytest

from terminal.devices.notes.api import NoteEscrowed, NotesCode
from terminal.devices.notes.codec import Frame, FrameDecoder, Garbled, encode
from terminal.devices.notes.commands import Status
from terminal.devices.notes.exchange import Id003Error
from terminal.devices.notes.states import codes_of, state_of

PUBLIC = {
    "fc 05 11 27 56": Frame(0x11),
    "fc 05 50 aa 05": Frame(0x50),
    "fc 05 40 2b 15": Frame(0x40),
}
"""STATUS, ACK and RESET as public hosts have them as constants (docs/protocols/id003.md, sources)."""


@pytest.mark.parametrize("text", PUBLIC)
def test_frames_are_those_that_public_hosts_send(text: str) -> None:
    raw = bytes.fromhex(text)
    assert encode(PUBLIC[text]) == raw
    assert FrameDecoder().feed(raw) == (PUBLIC[text],)


def test_a_frame_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="one byte"):
        Frame(256)
    with pytest.raises(ValueError, match="at most 250"):
        Frame(0x11, bytes(251))


def test_a_length_that_cannot_be_is_a_stray_byte() -> None:
    assert FrameDecoder().feed(b"\xfc\x04") == (Garbled(0xFC), Garbled(0x04))


def test_the_table_of_notes_is_read_as_value_times_tens() -> None:
    data = bytes.fromhex("61 00 01 03  62 00 02 03  63 00 00 00  64 00 01 04")
    assert codes_of(data) == {0x61: 1000, 0x62: 2000, 0x64: 10_000}


@pytest.mark.parametrize("data", ["61 00 01", "60 00 01 03", "69 00 01 03", "61 00 01 07", "61 00 01 03 61 00 02 03"])
def test_a_table_in_another_form_is_another_device(data: str) -> None:
    with pytest.raises(Id003Error) as refused:
        codes_of(bytes.fromhex(data))
    assert refused.value.code == NotesCode.WRONG_DEVICE


def test_a_note_in_escrow_that_nobody_told_of_has_no_value() -> None:
    assert state_of(Frame(Status.ESCROW, b"\x61"), {0x61: 1000}) == NoteEscrowed(1000)
    for data in (b"\x62", b""):
        with pytest.raises(Id003Error, match="in escrow"):
            state_of(Frame(Status.ESCROW, data), {0x61: 1000})


@pytest.mark.parametrize("status", Status)
def test_every_status_is_a_state(status: Status) -> None:
    assert state_of(Frame(status, b"\x61"), {0x61: 1000}) is not None
