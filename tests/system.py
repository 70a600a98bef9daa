"""System components that tests need: skipped when missing on a workbench, a failure under ``CI=true``."""

import os
import shutil

import pytest


def require(*commands: str) -> None:
    """Skip the test, or fail it under CI, unless every one of ``commands`` is installed."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    missing = [command for command in commands if shutil.which(command, path=path) is None]
    if not missing:
        return
    text = f"not installed: {', '.join(missing)}; run `make setup-test` as root"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)
