"""Command APDUs, status words and what a log may show of them."""

import pytest

from terminal.devices.card_reader.apdu import (
    CHANGE_KEY,
    CHANGE_REFERENCE_DATA,
    PERFORM_SECURITY_OPERATION,
    READ_BINARY,
    SELECT,
    VERIFY,
    command,
    describe,
    is_blocked,
    tries_left,
)


def test_the_four_cases_of_a_short_command() -> None:
    assert command(VERIFY, 0x00, 0x80).hex() == "00200080"
    assert command(READ_BINARY, 0x01, 0x00, le=256).hex() == "00b0010000"
    assert command(READ_BINARY, 0x03, 0x00, le=0xF2).hex() == "00b00300f2"
    assert command(SELECT, 0x02, 0x0C, b"\x00\x0a").hex() == "00a4020c02000a"
    assert command(PERFORM_SECURITY_OPERATION, 0x00, 0x80, b"\x01\x02", le=256).hex() == "802a008002010200"


@pytest.mark.parametrize(("size", "le"), [(256, None), (0, 0), (0, 257)])
def test_nothing_beyond_the_short_form_is_built(size: int, le: int | None) -> None:
    with pytest.raises(ValueError, match="short APDU"):
        command(READ_BINARY, 0, 0, bytes(size), le)


def test_tries_left_are_read_from_63cx_alone() -> None:
    assert [tries_left(sw) for sw in (0x63C3, 0x63C0, 0x6300, 0x9000, 0x6984)] == [3, 0, None, None, None]


def test_every_way_a_card_says_blocked() -> None:
    assert [is_blocked(sw) for sw in (0x63C0, 0x6983, 0x6984, 0x63C1, 0x6982, 0x9000)] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("ins", [VERIFY, CHANGE_REFERENCE_DATA, PERFORM_SECURITY_OPERATION, CHANGE_KEY])
def test_a_log_shows_no_data_of_a_command_that_may_carry_a_secret(ins: int) -> None:
    shown = describe(command(ins, 0x00, 0x80, b"8642"))
    assert shown.endswith("redacted")
    assert "8642" not in shown and b"8642".hex() not in shown.replace(" ", "")


def test_a_log_shows_only_the_header_of_any_other_command() -> None:
    assert describe(command(SELECT, 0x02, 0x0C, b"\x00\x0a")) == "00 A4 02 0C"
    assert describe(b"\x00\x20") == "malformed APDU of 2 bytes"
