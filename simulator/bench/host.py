"""The machine the numbers come from, without its name or any path."""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "reportlab",
    "uharfbuzz",
    "pypdfium2",
    "zxing-cpp",
    "cryptography",
    "joserfc",
    "pydantic",
    "transitions",
    "numpy",
    "pillow",
    "weasyprint",
    "fpdf2",
)
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Host:
    """Everything a reader needs to compare two reports."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    libraries: tuple[tuple[str, str], ...]
    commit: str
    load: str


def describe() -> Host:
    """Look at the machine and at the checkout."""
    return Host(
        cpu=_cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=_memory_gib(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        libraries=tuple((name, _version(name)) for name in LIBRARIES),
        commit=_commit(),
        load=" ".join(f"{load:.2f}" for load in os.getloadavg()),
    )


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()


def _memory_gib() -> float:
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """The short hash, with a word when the packages that are measured differ from it."""
    measured = ("terminal", "printer_templates", "simulator", "honnin")
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--", *measured)
    except (OSError, subprocess.CalledProcessError):
        return "unknown (no git checkout)"
    return f"{head} with uncommitted changes" if changed else head


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()
