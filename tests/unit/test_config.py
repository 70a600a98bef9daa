"""A configuration is taken whole or refused with everything that is wrong with it, by key, line and value."""

from pathlib import Path

import pytest

from terminal.config import ConfigCode, ConfigError, load_config
from terminal.config.disguise import Observed, check_no_disguise, is_marked
from terminal.fsm.config import Evidence
from terminal.fsm.states import State
from tests.config_kit import certificate, example_with, install

REAL, SIMULATED = "terminal.toml", "terminal-simulated.toml"


def problems_of(folder: Path, text: str, example: str = REAL) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_config(install(folder, example, text))
    return tuple(str(problem) for problem in caught.value.problems)


def test_the_real_example_loads(tmp_path: Path) -> None:
    config = load_config(install(tmp_path, REAL))
    assert config.terminal.id == "JP-13101-0001"
    assert not config.terminal.simulated
    assert config.terminal.evidence is Evidence.SERIAL_AND_BASIC_FOUR
    assert config.terminal.state_dir == tmp_path / "state"
    assert config.machine.limits[State.PRESENTING].expire_after_s == 90
    assert config.machine.delivery_devices == {"printer", "payment", "coins"}
    assert len(config.digest) == 64
    assert check_no_disguise(config) == ()


def test_the_simulated_example_loads(tmp_path: Path) -> None:
    config = load_config(install(tmp_path, SIMULATED))
    assert config.terminal.simulated
    assert config.simulation is not None
    assert config.simulation.home == tmp_path / "var"
    assert check_no_disguise(config) == ()


def test_an_absolute_path_stays_what_it_is(tmp_path: Path) -> None:
    text = example_with(REAL, 'state_dir = "state"', 'state_dir = "/var/lib/honnin"')
    assert load_config(install(tmp_path, REAL, text)).terminal.state_dir == Path("/var/lib/honnin")


def test_every_problem_is_told_at_once_by_key_line_and_value(tmp_path: Path) -> None:
    text = example_with(REAL, "poll_s = 0.5", 'poll_s = "fast"').replace("watchdog_s = 10", "watchdog_s = -1")
    text = text.replace('evidence = "serial+basic-four"', 'evidense = "serial"')
    allowed = "evidence, id, municipality_limit, simulated, state_dir"
    assert problems_of(tmp_path, text) == (
        f"terminal.evidense, line 6: unknown key; expected one of: {allowed}; did you mean evidence?",
        "card_reader.watchdog_s, line 12: expected seconds, from 1 to 60, came -1",
        'printer.poll_s, line 17: expected seconds, from 0.05 to 10, came "fast"',
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "JP-13101-0001"', "", "terminal.id, line 3: the key is missing; expected 1 to 32 letters"),
        ('id = "JP-13101-0001"', 'id = "東京"', 'letters, digits and hyphens, came "東京"'),
        ("[payment]", "[payments]", "payments, line 20: unknown key"),
        ('driver = "ipp"', 'driver = "cups"', 'printer.driver, line 15: expected "ipp", came "cups"'),
        ("ipp://192.168.10.20/ipp/print", "http://192.168.10.20", "expected an ipp:// or ipps:// address"),
        ("ipp://192", "ipp://user:secret@192", "came an address with a user or password in it"),
        ('uri = "ipp://192.168.10.20/ipp/print"', "", "printer.uri, line 14: the key is missing; expected an ipp://"),
        ('name = "SCM Microsystems Inc. SCR 3310 [CCID Interface] 00 00"', "", "card_reader.name, line 9: driver"),
        (
            "bound_s = 180",
            "bound_s = true",
            "printer.bound_s, line 18: expected seconds, above 0 and at most 3600, came true",
        ),
        ("bound_s = 180", "bound_s = nan", "printer.bound_s"),
        ("bound_s = 180", "bound_s = inf", "printer.bound_s"),
        ('state_dir = "state"', "state_dir = 7", "expected the path of a folder, as text, came 7"),
        ('["trust/jpki-user-ca.pem"]', "[]", "trust.card_cas, line 54: expected a list of at least one PEM file"),
        ("presenting = {", "present = {", "expected a state with a time-out (out_of_service, "),
        ("warn_after_s = 30, end_after_s = 90", "warn_after_s = 90, end_after_s = 30", "timeouts.presenting, line 61"),
        ("resetting = { end", "resetting = { warn_after_s = 5, end", "expected no warning before its end"),
        ("resetting = { end_after_s = 60", "resetting = { end_after_s = 0", "timeouts.resetting.end_after_s, line 62"),
        ('ca = "tls/centre-ca.pem"', 'ca = "tls/other.pem"', "centre.ca, line 47: expected a file at "),
        ('ca = "tls/centre-ca.pem"', 'ca = "tls"', "found another thing"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    told = "\n".join(problems_of(tmp_path, example_with(REAL, old, new)))
    assert said in told
    assert "secret" not in told


def test_a_private_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = install(tmp_path, REAL)
    (tmp_path / "tls/terminal.key").chmod(0o640)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.code == ConfigCode.KEY_EXPOSED
    assert "mode 0640" in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"[terminal", b"\xff\xfe", b"a = 1\na = 2\n", b"x = " + b"[" * 100_000, b"#" * 1_000_001]
)
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "terminal.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.code == ConfigCode.NOT_TOML


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.toml")
    assert caught.value.code == ConfigCode.UNREADABLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('driver = "pcsc"', 'driver = "simulated"'),
        ('driver = "cash"', 'driver = "simulated"'),
        ("[timeouts]", '[simulation]\nhome = "var"\n[timeouts]'),
    ],
)
def test_a_real_terminal_refuses_each_simulated_device(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(install(tmp_path, REAL, example_with(REAL, old, new)))
    assert caught.value.code == ConfigCode.SIMULATED_DEVICE


@pytest.mark.parametrize("value", ['"true"', "1", '"yes"'])
def test_the_switch_is_a_switch_and_nothing_like_it(tmp_path: Path, value: str) -> None:
    (said,) = problems_of(tmp_path, example_with(SIMULATED, "simulated = true", f"simulated = {value}"), SIMULATED)
    assert "terminal.simulated" in said


@pytest.mark.parametrize(
    "observed",
    [
        Observed(readers=("Virtual PCD 00 00",)),
        Observed(readers=("Ｖｉｒｔｕａｌ\u3000ＰＣＤ 00 01",)),
        Observed(printer=("Printer", "見本 SPECIMEN: simulated printer")),
        Observed(printer=("Printer", "S\u200bPECI\u00adMEN")),
        Observed(printer=("Printer", "s p e c i m e n")),
        Observed(printer=("ippeveprinter",)),
        Observed(centre=("CN=localhost", "HONNIN SIMULATOR - SPECIMEN")),
    ],
)
def test_an_emulator_on_a_real_wire_is_no_real_device(tmp_path: Path, observed: Observed) -> None:
    found = check_no_disguise(load_config(install(tmp_path, REAL)), observed)
    assert [failure.code for failure in found] == [ConfigCode.SIMULATED_DEVICE]


@pytest.mark.parametrize(
    "observed",
    [
        Observed(readers=("SCR 3310 00 00",)),
        Observed(printer=("Brother", "")),
        Observed(printer=()),
        Observed(centre=("J-LIS",)),
    ],
)
def test_a_simulated_terminal_touches_nothing_real(tmp_path: Path, observed: Observed) -> None:
    found = check_no_disguise(load_config(install(tmp_path, SIMULATED)), observed)
    assert [failure.code for failure in found] == [ConfigCode.REAL_DEVICE]


@pytest.mark.parametrize("name", ["trust/jpki-user-ca.pem", "tls/centre-ca.pem", "tls/terminal.pem"])
def test_a_real_terminal_trusts_no_throw_away_authority(tmp_path: Path, name: str) -> None:
    config = load_config(install(tmp_path, REAL))
    real = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(real + certificate("NOT JPKI - SPECIMEN for user authentication"))
    assert [failure.code for failure in check_no_disguise(config)] == [ConfigCode.SIMULATED_DEVICE]


@pytest.mark.parametrize("name", ["trust/municipalities.json", "trust/sheet-keys.json"])
def test_a_real_terminal_trusts_no_throw_away_keys(tmp_path: Path, name: str) -> None:
    config = load_config(install(tmp_path, REAL))
    (tmp_path / name).write_text('{"keys":[{"kid":"SPECIMEN-99101-sig"}]}')
    assert [failure.code for failure in check_no_disguise(config)] == [ConfigCode.SIMULATED_DEVICE]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "a.localhost.", "0.0.0.0"]
)
def test_a_real_terminals_centre_is_not_this_machine(tmp_path: Path, host: str) -> None:
    text = example_with(REAL, "https://centre.example.jp/terminal/v1", f"https://{host}:8443")
    found = check_no_disguise(load_config(install(tmp_path, REAL, text)))
    assert [failure.code for failure in found] == [ConfigCode.SIMULATED_DEVICE]


def test_real_names_are_not_taken_for_simulated() -> None:
    assert not is_marked(
        "SCM Microsystems Inc. SCR 3310 [CCID Interface] 00 00", "Brother HL-L6400DW", "公的個人認証サービス"
    )
