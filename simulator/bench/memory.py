"""How much memory a process takes, from outside (proc(5)): MB of 10^6 bytes."""

from pathlib import Path

from simulator.processes import descendants


def group_pss_mb(pid: int) -> float:
    """Proportional set size of a process and its descendants (smaps_rollup).

    Pages that several processes share count in parts, so that the sum is what the group really takes. Raises ``OSError``: reading
    a process that forbids tracing takes root.
    """
    return sum(pss_mb(each) for each in (pid, *descendants(pid)))


def pss_mb(pid: int) -> float:
    """Proportional set size of one process (smaps_rollup); raises ``OSError``."""
    return _kb(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") * 1024 / 1e6


def peak_rss_mb(pid: int) -> float:
    """The most that was ever resident of one process, shared pages included (status, VmHWM); raises ``OSError``."""
    return _kb(Path(f"/proc/{pid}/status"), "VmHWM:") * 1024 / 1e6


def _kb(path: Path, name: str) -> int:
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise ValueError(f"expected a line {name} in {path.name}, found none")
