"""No TOML text, however wrong, gets anything but a configuration or a typed refusal."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.config import Config, ConfigError, load_config
from terminal.config.lines import line_of
from tests.config_kit import EXAMPLES, install

EXAMPLE = (EXAMPLES / "terminal.toml").read_text(encoding="utf-8")
VALUES = st.sampled_from(
    ["true", "-1", "1e400", "nan", '""', '"\\u0000"', "[]", "{}", "[[1]]", "1979-05-27", '"../x"', "9" * 30]
)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "terminal.toml"
        path.write_bytes(content)
        try:
            load_config(path)
        except ConfigError as error:
            assert error.code.startswith("CONFIG_")
        else:
            raise AssertionError("no such configuration holds")


@given(st.integers(0, EXAMPLE.count("\n") - 1), VALUES)
@settings(deadline=None, max_examples=150)
def test_any_value_in_any_key(line: int, value: str) -> None:
    lines = EXAMPLE.splitlines()
    if "=" in lines[line]:
        lines[line] = f"{lines[line].split('=')[0]}= {value}"
    with tempfile.TemporaryDirectory() as folder:
        path = install(Path(folder), "terminal.toml", "\n".join(lines))
        try:
            config = load_config(path)
        except ConfigError as error:
            assert all(problem.text for problem in error.problems)
            assert any(problem.line == line + 1 for problem in error.problems)
        else:
            assert isinstance(config, Config)


@given(st.text(max_size=200), st.lists(st.text(max_size=8), max_size=4).map(tuple))
def test_the_line_of_a_key_is_a_line_of_the_text(text: str, key: tuple[str, ...]) -> None:
    assert 0 <= line_of(text, key) <= len(text.splitlines())
