"""What every section of the TOML file is made of, and the kinds of values that sections share."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo


class Section(BaseModel):
    """Base of every section: frozen, nothing coerced, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def _beside_the_file(value: Any, info: ValidationInfo) -> Any:
    """Relative paths are relative to the configuration file; anything but text is left for the type check to refuse."""
    if not isinstance(value, str) or not value or "\0" in value:
        return value
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / value


FilePath = Annotated[Path, BeforeValidator(_beside_the_file), Field(description="the path of a file, as text")]
FolderPath = Annotated[Path, BeforeValidator(_beside_the_file), Field(description="the path of a folder, as text")]
SerialPort = Annotated[
    Path,
    BeforeValidator(_beside_the_file),
    Field(description="the path of a serial port (/dev/ttyUSB0, or a link to it)"),
]
Baud = Annotated[int, Field(ge=1200, le=230_400, description="bits a second, from 1200 to 230400")]
