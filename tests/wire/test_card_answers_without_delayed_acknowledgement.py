"""vpcd sends length and payload apart; without quick acknowledgement each command waits 44 ms. jpki-card.md section 5.4."""

import socket
from typing import Any

from simulator.devices.card_reader.vpcd_frames import receive_frame


class Watched(socket.socket):
    """A real TCP socket that remembers whether quick acknowledgement was asked for before each read."""

    reads_without: int = 0
    reads: int = 0
    _asked: bool = False

    def setsockopt(self, *option: Any) -> None:
        """Note a request for quick acknowledgement."""
        self._asked = self._asked or option == (socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        super().setsockopt(*option)

    def recv(self, *arguments: Any) -> bytes:
        """The kernel forgets the request after each acknowledgement: it must come before every read."""
        self.reads += 1
        self.reads_without += not self._asked
        self._asked = False
        return super().recv(*arguments)


def test_quick_acknowledgement_is_asked_for_before_every_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Watched(socket.AF_INET, socket.SOCK_STREAM) as card:
        card.connect(server.getsockname())
        driver, _ = server.accept()
        with driver:
            driver.sendall(b"\x00\x04")
            driver.sendall(b"\x00\x20\x00\x80")
            assert receive_frame(card) == b"\x00\x20\x00\x80"
    assert card.reads >= 2
    assert card.reads_without == 0
