"""``run_printer``: the emulated printer as a process of its own, for anybody's software."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from simulator.devices.printer.jobs import Ticket
from simulator.devices.printer.traits import Traits
from simulator.devices.printer.wire import PrinterServer
from terminal.clock import SystemClock
from terminal.devices.printer.api import PrintCompleted
from terminal.devices.printer.driver import IppPrinter
from tests.printer_kit import document, go_on

SCRIPT = "import sys; from pathlib import Path; from simulator.devices.printer.command import run_printer; "
SCRIPT += "sys.exit(run_printer(int(sys.argv[1]), Path(sys.argv[2]), side_s=0.05))"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def test_it_prints_for_a_process_that_only_knows_its_uri(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, str(port), str(tmp_path / "spool")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = [process.stdout.readline() for _ in range(4)]
            assert "SPECIMEN" in told[0]
            uri = told[1].split()[-1]
            assert uri == f"ipp://127.0.0.1:{port}/ipp/print"
            sent = document(2)
            printer = IppPrinter(uri, 0.05, 20, SystemClock())
            assert printer.print(sent, lambda _: None, go_on) == PrintCompleted(2)
            assert [path.read_bytes() for path in (tmp_path / "spool").glob("*.pdf")] == [sent.pdf]
        finally:
            process.terminate()


def test_sheets_come_out_though_nobody_asks(tmp_path: Path) -> None:
    with PrinterServer(tmp_path, traits=Traits(side_s=0.05)) as server:
        job = server.model.create_job(Ticket("somebody", "some job"))
        server.model.add_document(job.job_id, document(2).pdf)
        deadline_s = time.monotonic() + 10
        while not list(tmp_path.glob("sheets-*.pdf")) and time.monotonic() < deadline_s:
            time.sleep(0.02)
        assert [path.name for path in tmp_path.glob("*")] == ["sheets-000001.pdf"]


def test_a_taken_port_is_told_and_no_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-c", SCRIPT, str(taken.getsockname()[1]), str(tmp_path)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert "expected a free port" in ran.stderr
    assert "Traceback" not in ran.stderr
