"""What can be wrong with a configuration. All problems of a file are told at once."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.errors import HonninError


class ConfigCode(StrEnum):
    """Why a configuration is refused."""

    UNREADABLE = "CONFIG_UNREADABLE"
    NOT_TOML = "CONFIG_NOT_TOML"
    INVALID = "CONFIG_INVALID"
    UNKNOWN_KEY = "CONFIG_UNKNOWN_KEY"
    MISSING_KEY = "CONFIG_MISSING_KEY"
    FILE_MISSING = "CONFIG_FILE_MISSING"
    KEY_EXPOSED = "CONFIG_KEY_EXPOSED"
    SIMULATED_DEVICE = "CONFIG_SIMULATED_DEVICE"
    REAL_DEVICE = "CONFIG_REAL_DEVICE"


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One problem: ``key`` as a TOML path (``printer.poll_s``), its ``line`` (0 when it has none), and what to do."""

    code: ConfigCode
    key: str
    line: int
    text: str

    def __str__(self) -> str:
        where = f"{self.key}, line {self.line}" if self.line else self.key
        return f"{where}: {self.text}"


class ConfigError(HonninError):
    """The configuration is refused; ``problems`` are all of them, ``code`` is the first one's."""

    def __init__(self, file_name: str, problems: tuple[ConfigProblem, ...]) -> None:
        self.problems = problems
        count = f"{len(problems)} problems" if len(problems) > 1 else "one problem"
        super().__init__(problems[0].code, "\n  ".join([f"{file_name} has {count}:", *map(str, problems)]))
