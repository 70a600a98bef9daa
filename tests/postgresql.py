"""A private PostgreSQL cluster: in a directory of its own, on a Unix socket only, started and stopped by process id."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.system import require

_START_LIMIT_S = 60.0


def binaries() -> Path:
    """The directory of Debian's newest PostgreSQL server; a skip, or a failure under CI, when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    require("initdb")
    on_path = shutil.which("initdb")
    assert on_path is not None
    return Path(on_path).parent


@contextmanager
def cluster() -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database."""
    programs = binaries()
    directory = Path(tempfile.mkdtemp(prefix="honnin-pg-", dir="/tmp"))
    account = _account()
    try:
        if account is not None:
            os.chown(directory, account.pw_uid, account.pw_gid)
        _run(
            account, [programs / "initdb", "-D", directory / "data", "-U", "honnin", "-A", "trust", "-E", "UTF8", "-N"]
        )
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={directory}", "-c", "fsync=off"]
        with (directory.parent / f"{directory.name}.log").open("w") as log:
            process = subprocess.Popen(
                [*_as(account), programs / "postgres", "-D", directory / "data", *options], stdout=log, stderr=log
            )
        try:
            _await_socket(directory, process)
            yield f"postgresql+psycopg://honnin@/postgres?host={directory}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        directory.with_name(f"{directory.name}.log").unlink(missing_ok=True)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then another account runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.fail("expected an account postgres or nobody to run PostgreSQL under")


def _as(account: pwd.struct_passwd | None) -> list[str]:
    if account is None:
        return []
    require("setpriv")
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _run(account: pwd.struct_passwd | None, command: list[str | Path]) -> None:
    done = subprocess.run([*_as(account), *command], capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr


def _await_socket(directory: Path, process: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(int(_START_LIMIT_S / 0.05)):
        # The socket is there before the server takes anybody: "the database system is starting up".
        if (directory / ".s.PGSQL.5432").exists() and _answers(directory):
            return
        assert process.poll() is None, directory.with_name(f"{directory.name}.log").read_text()
        pause.wait(0.05)
    pytest.fail(f"PostgreSQL did not listen within {_START_LIMIT_S} s")


def _answers(directory: Path) -> bool:
    try:
        with psycopg.connect(host=str(directory), user="honnin", dbname="postgres", connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False
