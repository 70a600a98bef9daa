"""Whatever bytes come, the emulated card answers at least two and never raises, on any profile and in any state."""

import socket
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.devices.card_reader.apdu import CommandApdu, parse_command
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.vpcd_frames import receive_frame, send_frame
from tests.emulated_card_kit import fresh_card

AIDS = [
    bytes.fromhex(aid)
    for aid in (
        "D392F000260100000001",
        "D3921000310001010408",
        "D3921000310001010402",
        "D3921000310001010100",
        "D3921000310001010401",
        "A0000001510000",
    )
]
FILES = [*range(0x01, 0x1F), 0x3F00]
INSTRUCTIONS = [0x20, 0x24, 0x2A, 0x32, 0x84, 0xA4, 0xB0, 0xB2, 0xCA, 0xFC]


def case_3(header: tuple[int, int, int, int], data: bytes, tail: bytes) -> bytes:
    return bytes(header) + bytes([len(data)]) + data + tail


selects = st.one_of(
    st.sampled_from(AIDS).map(lambda aid: case_3((0x00, 0xA4, 0x04, 0x0C), aid, b"")),
    st.sampled_from(FILES).map(lambda file: case_3((0x00, 0xA4, 0x02, 0x0C), file.to_bytes(2, "big"), b"")),
)
headers = st.tuples(
    st.sampled_from([0x00, 0x80]), st.sampled_from(INSTRUCTIONS), st.integers(0, 255), st.integers(0, 255)
)
likely = st.builds(
    case_3,
    headers,
    st.one_of(st.sampled_from([b"1234", b"ABC123"]), st.binary(max_size=255)),
    st.sampled_from([b"", b"\0"]),
)
commands = st.one_of(
    selects, likely, headers.map(bytes), st.binary(max_size=300), st.binary(min_size=250, max_size=1200)
)
power = st.sampled_from(["on", "off", "reset"])


def send(card: Card, step: bytes | str) -> None:
    match step:
        case "on":
            card.power_on()
        case "off":
            card.power_off()
        case "reset":
            card.reset()
        case bytes():
            answer = card.transmit(step)
            assert len(answer) >= 2
            assert answer[-2] >> 4 in (0x6, 0x9)
            assert len(answer) == 2 or answer[-2:] == b"\x90\x00"


@pytest.mark.parametrize(
    "profile", ["adult", "child", "android", "damaged-6f00", "damaged-short-reads", "first-command-6f00"]
)
@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.one_of(commands, power), max_size=12))
def test_any_bytes_in_any_order(profile: str, steps: list[bytes | str]) -> None:
    card = fresh_card(profile)
    card.power_on()
    for step in steps:
        send(card, step)


@given(st.binary(max_size=600))
def test_a_parsed_command_accounts_for_every_byte(raw: bytes) -> None:
    command = parse_command(raw)
    if command is None:
        return
    assert raw[:4] == bytes((command.cla, command.ins, command.p1, command.p2))
    assert command.data in raw[4:]
    fields = len(raw) - 4 - len(command.data)
    assert fields in (0, 1, 2, 3, 5)
    assert command.le is None or 1 <= command.le <= 65536


@given(headers, st.binary(min_size=1, max_size=400), st.one_of(st.none(), st.integers(1, 65536)))
def test_what_is_encoded_is_parsed_back(header: tuple[int, int, int, int], data: bytes, le: int | None) -> None:
    extended = len(data) > 255 or (le or 0) > 256
    if extended:
        tail = b"" if le is None else struct.pack(">H", le & 0xFFFF)
        raw = bytes(header) + b"\0" + struct.pack(">H", len(data)) + data + tail
    else:
        raw = case_3(header, data, b"" if le is None else bytes([le & 0xFF]))
    command = parse_command(raw)
    assert isinstance(command, CommandApdu)
    assert (command.data, command.le) == (data, le)


@given(st.lists(st.binary(max_size=50), max_size=5), st.binary(max_size=3), st.data())
def test_frames_are_the_same_however_the_stream_is_cut(payloads: list[bytes], stub: bytes, data: st.DataObject) -> None:
    """A rest that is no whole frame ends the stream and is never taken for one."""
    broken = struct.pack(">H", len(stub) + 1) + stub
    stream = b"".join(struct.pack(">H", len(payload)) + payload for payload in payloads) + broken
    near, far = connected()
    with near, far:
        while stream:
            cut = data.draw(st.integers(1, len(stream)))
            far.sendall(stream[:cut])
            stream = stream[cut:]
        far.shutdown(socket.SHUT_WR)
        received = []
        while (frame := receive_frame(near)) is not None:
            received.append(frame)
    assert received == payloads


@given(st.binary(max_size=64))
def test_no_frame_of_length_zero_can_be_sent(payload: bytes) -> None:
    near, far = connected()
    with near, far:
        if not payload:
            with pytest.raises(ValueError, match="1 to 65535"):
                send_frame(near, payload)
            return
        send_frame(near, payload)
        assert receive_frame(far) == payload


def connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    return near, far
