"""The sections of the devices on serial lines: each value, what one demands of another, and promise P9 behind their ports."""

import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminal.config import Config, ConfigCode, ConfigError, load_config
from terminal.config.disguise import check_no_disguise
from tests.config_kit import EXAMPLES, example_with, install

REAL, SIMULATED = "terminal.toml", "terminal-simulated.toml"
SERIAL = ("coins", "notes", "pin_pad", "signal_tower", "receipt_printer")


def refused(folder: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_config(install(folder, REAL, text))
    return caught.value


def loaded(folder: Path, text: str, example: str = REAL) -> Config:
    return load_config(install(folder, example, text))


def without(*sections: str, text: str | None = None) -> str:
    """The store's example without ``sections``."""
    blocks = (text or (EXAMPLES / REAL).read_text(encoding="utf-8")).split("\n\n")
    return "\n\n".join(block for block in blocks if not block.startswith(tuple(f"[{name}]" for name in sections)))


def paid_by(driver: str, text: str | None = None) -> str:
    return (text or (EXAMPLES / REAL).read_text(encoding="utf-8")).replace('driver = "cash"', f'driver = "{driver}"')


def test_everything_is_fitted_in_the_examples(tmp_path: Path) -> None:
    config = load_config(install(tmp_path, REAL))
    assert config.coins is not None
    assert config.coins.port == Path("/dev/ttyUSB0")
    assert {hopper.coin_yen: hopper.address for hopper in config.coins.hoppers} == {10: 3, 50: 4, 100: 5, 500: 6}
    assert (config.coins.baud, config.coins.checksum, config.coins.event_order) == (9600, "simple", "coin-first")
    assert config.notes is not None
    assert config.notes.accept_yen == (1000,)
    assert config.pin_pad is not None
    assert config.pin_pad.key == tmp_path / "trust/pin-pad.pem"
    assert config.receipt_printer is not None
    assert config.receipt_printer.baud == 38_400


def test_a_relative_port_is_beside_the_file(tmp_path: Path) -> None:
    config = load_config(install(tmp_path, SIMULATED))
    ports = [getattr(config, name).port for name in SERIAL]
    assert ports == [tmp_path / "dev" / name for name in SERIAL]


@pytest.mark.parametrize("absent", [SERIAL[1:], ("coins", *SERIAL[2:]), ("pin_pad",), ("signal_tower", "pin_pad")])
def test_any_subset_that_takes_cash_can_be_fitted(tmp_path: Path, absent: tuple[str, ...]) -> None:
    config = loaded(tmp_path, without(*absent))
    assert {name for name in SERIAL if getattr(config, name) is None} == set(absent)


@pytest.mark.parametrize(
    ("absent", "needed"), [(("notes",), "coins"), (("coins",), "notes"), (("pin_pad", "receipt_printer"), "coins")]
)
def test_a_fee_is_asked_for_only_when_what_takes_it_is_sound(
    tmp_path: Path, absent: tuple[str, ...], needed: str
) -> None:
    config = loaded(tmp_path, without(*absent))
    assert config.machine.delivery_devices == {"printer", "payment", needed}
    assert not config.machine.fee_elsewhere


def test_a_shop_without_cash_takes_the_fee_elsewhere(tmp_path: Path) -> None:
    config = loaded(tmp_path, paid_by("elsewhere", without("coins", "notes")))
    assert config.machine.fee_elsewhere
    assert config.machine.delivery_devices == {"printer"}


def test_cash_without_a_device_that_takes_it_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, without("coins", "notes"))
    (problem,) = error.problems
    assert (problem.code, problem.key) == (ConfigCode.MISSING_KEY, "coins")
    assert "add [coins] or [notes]" in problem.text


@pytest.mark.parametrize("driver", ["none", "elsewhere"])
@pytest.mark.parametrize(("absent", "left"), [("notes", "coins"), ("coins", "notes")])
def test_a_money_device_that_nobody_would_use_is_refused(tmp_path: Path, driver: str, absent: str, left: str) -> None:
    (problem,) = refused(tmp_path, paid_by(driver, without(absent))).problems
    assert (problem.code, problem.key) == (ConfigCode.INVALID, left)
    assert f'driver "{driver}"' in problem.text


@pytest.mark.parametrize("later", [1, 2, 3, 4])
def test_two_devices_on_one_port_are_refused(tmp_path: Path, later: int) -> None:
    text = example_with(REAL, f"/dev/ttyUSB{later}", "/dev/ttyUSB0")
    (problem,) = refused(tmp_path, text).problems
    assert (problem.code, problem.key) == (ConfigCode.INVALID, f"{SERIAL[later]}.port")
    assert "[coins] has it too" in problem.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("address = 4", "address = 3"),
        ("address = 6", "address = 2"),
        ('checksum = "simple"', "address = 5"),
    ],
)
def test_two_devices_at_one_address_are_refused(tmp_path: Path, old: str, new: str) -> None:
    (problem,) = refused(tmp_path, example_with(REAL, old, new)).problems
    assert (problem.code, problem.key) == (ConfigCode.INVALID, "coins.hoppers")
    assert "each address on the bus once" in problem.text


def test_two_hoppers_of_one_coin_are_two_hoppers(tmp_path: Path) -> None:
    assert loaded(tmp_path, example_with(REAL, "coin_yen = 500", "coin_yen = 100")).coins is not None


def test_a_pin_pad_without_its_key_is_refused(tmp_path: Path) -> None:
    path = install(tmp_path, REAL)
    (tmp_path / "trust/pin-pad.pem").unlink()
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == (ConfigCode.FILE_MISSING, "pin_pad.key")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "trust/pin-pad.pem"', "", "pin_pad.key, line 32: the key is missing"),
        ('port = "/dev/ttyUSB0"', "", "coins.port, line 23: the key is missing; expected the path of a serial port"),
        ('port = "/dev/ttyUSB0"', "port = 7", "coins.port, line 24: expected the path of a serial port"),
        ('port = "/dev/ttyUSB4"', 'port = ""', "receipt_printer.port, line 40: "),
        ('port = "/dev/ttyUSB1"', 'port = "a"\nbaud = 50', "notes.baud, line 30: expected bits a second, from 1200"),
        ('"simple"', '"crc16"', 'coins.checksum, line 25: expected "simple" (8 bits) or "crc" (CRC-CCITT)'),
        ('checksum = "simple"', 'event_order = "AB"', 'expected "coin-first" or "sorter-first", came "AB"'),
        ('checksum = "simple"', "echo = 1", "expected true or false"),
        ("address = 3", "address = 1", "coins.hoppers.0.address, line 26: expected a ccTalk address, from 2 to 255"),
        ("coin_yen = 50 }", "coin_yen = 60 }", "expected a coin: 1, 5, 10, 50, 100 or 500, came 60"),
        ("[1000]", "[1500]", "expected a list of notes: 1000, 2000, 5000, 10000, came 1500"),
        ("[1000]", "[]", "notes.accept_yen, line 30: expected a list of notes"),
        ('driver = "cash"', 'driver = "card"', 'expected "none", "cash", "elsewhere" or "simulated", came "card"'),
        ("[notes]\nport", '[notes]\ndriver = "jcm"\nport', 'notes.driver, line 29: expected "id003", came "jcm"'),
        ("[signal_tower]", "[lamp]", "lamp, line 36: unknown key"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in "\n".join(map(str, refused(tmp_path, example_with(REAL, old, new)).problems))


def test_nine_hoppers_are_too_many(tmp_path: Path) -> None:
    hoppers = ", ".join(f"{{ address = {address}, coin_yen = 10 }}" for address in range(3, 12))
    lines = (EXAMPLES / REAL).read_text(encoding="utf-8").splitlines()
    text = "\n".join(f"hoppers = [{hoppers}]" if line.startswith("hoppers") else line for line in lines)
    (problem,) = refused(tmp_path, text).problems
    assert "at most 8 hoppers" in problem.text


def test_a_port_that_is_not_there_is_no_wrong_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, example_with(REAL, "/dev/ttyUSB0", "/dev/no-such-port"))
    assert check_no_disguise(config) == ()


@contextmanager
def _pty() -> Iterator[str]:
    master, slave = pty.openpty()
    try:
        yield os.ttyname(slave)
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("device", SERIAL)
def test_a_pty_behind_a_real_terminal_is_a_simulated_device(tmp_path: Path, device: str) -> None:
    place = SERIAL.index(device)
    link = tmp_path / "ttyUSB9"
    config = loaded(tmp_path, example_with(REAL, f"/dev/ttyUSB{place}", str(link)))
    with _pty() as name:
        link.symlink_to(name)
        (failure,) = check_no_disguise(config)
    assert failure.code == ConfigCode.SIMULATED_DEVICE
    assert device.replace("_", " ") in failure.text


@pytest.mark.parametrize("device", SERIAL)
def test_a_real_port_behind_a_simulated_terminal_is_a_real_device(tmp_path: Path, device: str) -> None:
    config = loaded(tmp_path, example_with(SIMULATED, f'"dev/{device}"', '"/dev/null"'), SIMULATED)
    (failure,) = check_no_disguise(config)
    assert failure.code == ConfigCode.REAL_DEVICE
    assert device.replace("_", " ") in failure.text


def test_emulators_behind_a_simulated_terminal_are_what_they_should_be(tmp_path: Path) -> None:
    config = load_config(install(tmp_path, SIMULATED))
    (tmp_path / "dev").mkdir()
    with _pty() as name:
        for device in SERIAL:
            (tmp_path / "dev" / device).symlink_to(name)
        assert check_no_disguise(config) == ()
