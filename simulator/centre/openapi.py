"""The centre's OpenAPI document, from the classes that serve: ``python -m simulator.centre.openapi --write FILE``."""

import argparse
import json
import sys
import threading
from pathlib import Path
from typing import cast

from simulator.centre.http import make_app
from simulator.centre.model import CentreModel


def document() -> str:
    """The document as JSON text, ending in a newline."""
    # Only the routes' signatures are read: no model is ever called.
    app = make_app(cast("CentreModel", None), threading.Event())
    schema = app.openapi()
    schema["components"]["schemas"] = {
        name: each
        for name, each in sorted(schema["components"]["schemas"].items())
        if name not in ("HTTPValidationError", "ValidationError")
    }
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or print it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m simulator.centre.openapi", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write to FILE instead of standard output")
    target: Path | None = parser.parse_args(arguments).write
    if target is None:
        sys.stdout.write(document())
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
