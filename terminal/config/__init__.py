"""The terminal's configuration: one TOML file, validated whole. See docs/configuration.md."""

from terminal.config.errors import ConfigCode, ConfigError, ConfigProblem
from terminal.config.load import Config, load_config

__all__ = ["Config", "ConfigCode", "ConfigError", "ConfigProblem", "load_config"]
