"""``python -m simulator.bench``: each measurement in a process of its own, then the report."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from simulator.bench.findings import FINDINGS, Findings
from simulator.bench.host import describe
from simulator.bench.report import render
from terminal.clock import JST

MEASUREMENTS: Final = (
    "certificates",
    "events",
    "resets",
    "startup",
    "canaries",
    "flatness",
    "cash",
    "power_cuts",
    "explore",
    "fleet",
)
_BROKEN: Final = "**This measurement broke: it has no numbers.**"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print or write the report; the exit code is 1 when a measurement broke."""
    options = _parser().parse_args(arguments)
    if options.result is not None:
        [name] = options.only
        Path(options.result).write_bytes(FINDINGS.dump_json(measure_here(name, quick=options.quick, full=options.full)))
        return 0
    host = describe()
    names = options.only or MEASUREMENTS
    findings = {name: _measure_aside(name, quick=options.quick, full=options.full) for name in names}
    broken = [name for name, found in findings.items() if found is None]
    whole = [found or Findings(name.capitalize(), (_BROKEN,)) for name, found in findings.items()]
    page = render(host, whole, datetime.now(UTC).astimezone(JST).date(), quick=options.quick)
    if options.write is None:
        sys.stdout.write(page)
    else:
        Path(options.write).write_text(page, encoding="utf-8")
    if broken:
        print(f"expected every measurement to end, these broke: {', '.join(broken)}; look above", file=sys.stderr)
    return 1 if broken else 0


def measure_here(name: str, *, quick: bool, full: bool = False) -> Findings:
    """Run one measurement in this process; ``full`` at the sizes that take an hour, where it has such."""
    module = import_module(f"simulator.bench.{name}")
    if full and hasattr(module, "run_full"):
        run_full: Callable[[], Findings] = module.run_full
        return run_full()
    run: Callable[[bool], Findings] = module.run
    return run(quick)


def _measure_aside(name: str, *, quick: bool, full: bool) -> Findings | None:
    """In a fresh process, so that no measurement pays for another one's imports, threads or memory; None when it breaks."""
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as folder:
        result = Path(folder) / "findings.json"
        command = [sys.executable, "-m", "simulator.bench", "--only", name, "--result", str(result)]
        sizes = [*(["--quick"] if quick else []), *(["--full"] if full else [])]
        done = subprocess.run([*command, *sizes], check=False)
        if done.returncode != 0 or not result.exists():
            return None
        return FINDINGS.validate_json(result.read_bytes())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator.bench", description=__doc__)
    parser.add_argument("--write", metavar="FILE", help="write the report there instead of printing it")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--quick", action="store_true", help="a few runs of everything: shows that it works, measures nothing"
    )
    size.add_argument("--full", action="store_true", help="a nation's day really run, and more: takes an hour")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="this measurement only (may be repeated)")
    parser.add_argument("--result", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
