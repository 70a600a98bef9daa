"""The published schema of scenario files (JSON Schema), for editors and other people's programs."""

import json
from pathlib import Path
from typing import Final

from simulator.scenarios.form import ScenarioForm

SCHEMA_FILE: Final = Path(__file__).parent / "schema.json"
EXAMPLES: Final = Path(__file__).parent / "examples"


def schema_text() -> str:
    """The schema as it has to stand in ``schema.json``."""
    schema = ScenarioForm.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def examples() -> tuple[Path, ...]:
    """The scenarios that are shipped, by name."""
    return tuple(sorted(EXAMPLES.glob("*.yaml")))


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
