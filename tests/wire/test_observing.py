"""What emulators on real wires say of themselves is heard, and a real terminal refuses them for it (P9)."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulator.centre.tls import create_tls, load_tls
from simulator.devices.printer.wire import PrinterServer
from terminal.centre.client import TlsFiles
from terminal.clock import SystemClock
from terminal.config import ConfigCode, load_config
from terminal.config.disguise import Observed, check_no_disguise
from terminal.observing import observe, printer_names
from tests.config_kit import example_with, install

REAL = "terminal.toml"


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, TlsFiles]]:
    """A server that only shakes hands, with the simulated centre's own certificate; its port and a client's files."""
    folder.mkdir()
    create_tls(folder, datetime.now(UTC) - timedelta(days=1))
    authority = load_tls(folder)
    files = authority.server_files()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)

    def shake(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1], authority.terminal_files("SPECIMEN-0001")
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def test_an_emulated_printer_and_centre_are_heard_and_refused_by_a_real_terminal(tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "spool") as printer, tls_server(tmp_path / "pki") as (port, files):
        text = example_with(REAL, "ipp://192.168.10.20/ipp/print", printer.uri)
        text = text.replace("https://centre.example.jp/terminal/v1", f"https://localhost:{port}")
        for name, path in (
            ("centre-ca.pem", files.ca),
            ("terminal.pem", files.certificate),
            ("terminal.key", files.key),
        ):
            text = text.replace(f'"tls/{name}"', f'"{path}"')
        config = load_config(install(tmp_path, REAL, text))
        observed = observe(config, SystemClock())
    assert observed.printer is not None
    assert "SPECIMEN" in " ".join(observed.printer)
    assert observed.centre is not None
    assert "SPECIMEN" in " ".join(observed.centre)
    for heard in (Observed(printer=observed.printer), Observed(centre=observed.centre)):
        found = {failure.text for failure in check_no_disguise(config, heard)} - {
            failure.text for failure in check_no_disguise(config)
        }
        assert len(found) == 1
    assert {failure.code for failure in check_no_disguise(config, observed)} == {ConfigCode.SIMULATED_DEVICE}


def test_what_does_not_answer_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert printer_names(f"ipp://127.0.0.1:{port}/ipp/print", SystemClock()) is None
    text = example_with(REAL, "https://centre.example.jp/terminal/v1", f"https://127.0.0.1:{port}")
    text = text.replace("ipp://192.168.10.20/ipp/print", f"ipp://127.0.0.1:{port}/ipp/print")
    assert observe(load_config(install(tmp_path, REAL, text)), SystemClock()) == Observed()
