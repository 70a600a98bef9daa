"""IPP over HTTP, bounded: one request, one answer, a deadline on the whole, a limit on the size. Source: RFC 8010 section 4."""

from collections.abc import Iterator
from functools import cache
from ssl import PROTOCOL_TLS_CLIENT, SSLContext, create_default_context
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from terminal.clock import Clock
from terminal.devices.printer.api import PrinterCode
from terminal.devices.printer.ipp import IppError, Message
from terminal.devices.printer.ipp_codec import decode, encode
from terminal.devices.printer.link import PrinterError

MAX_ANSWER_BYTES: Final = 1 << 20
_CHUNK_BYTES: Final = 64 << 10
_SCHEMES: Final = {"ipp": "http", "ipps": "https"}
_IPP_PORT: Final = 631
_TYPE: Final = "application/ipp"


def http_url(uri: str) -> str:
    """Turn ``ipp://host[:port]/path`` into the URL to post to (RFC 3510, RFC 7472); raise ``ValueError`` for another scheme."""
    parts = urlsplit(uri)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError(f"expected a printer URI ipp://HOST/PATH or ipps://HOST/PATH, got scheme {parts.scheme!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((_SCHEMES[parts.scheme], f"{host}:{parts.port or _IPP_PORT}", parts.path or "/", "", ""))


@cache
def _trust(uri: str) -> SSLContext:
    """The machine's authorities for ``ipps``; none for ``ipp``, where reading them (20 ms) would only slow each reset down."""
    return create_default_context() if uri.startswith("ipps:") else SSLContext(PROTOCOL_TLS_CLIENT)


class IppTransport:
    """Posts IPP messages to one printer, directly: no proxy, no redirect, no environment."""

    def __init__(
        self,
        uri: str,
        clock: Clock,
        *,
        exchange_s: float = 5.0,
        http: httpx.BaseTransport | None = None,
        verify: SSLContext | bool = True,
    ) -> None:
        self.uri = uri
        self._url = http_url(uri)
        self._clock = clock
        self._exchange_s = exchange_s
        self._client = httpx.Client(
            transport=http,
            verify=_trust(uri) if verify is True else verify,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(exchange_s),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        )

    def exchange(self, request: Message, answer_s: float | None = None) -> Message:
        """Post ``request`` and return the answer to it, within ``answer_s`` seconds or the usual bound.

        Raises ``PrinterError`` (UNREACHABLE) when no answer comes, ``IppError`` when what comes is none to this request.
        """
        bound_s = self._exchange_s if answer_s is None else answer_s
        deadline_s = self._clock.now_s() + bound_s
        body = encode(request)
        try:
            with self._client.stream(
                "POST",
                self._url,
                content=self._chunks(body, deadline_s),
                headers={
                    "Content-Type": _TYPE,
                    "Accept": _TYPE,
                    "Accept-Encoding": "identity",
                    "Content-Length": str(len(body)),
                },
                timeout=httpx.Timeout(self._exchange_s, read=bound_s),
            ) as response:
                answer = decode(self._read(response, deadline_s))
        except (httpx.HTTPError, OSError) as error:
            text = f"expected an answer of the printer within {bound_s:g} s, got {type(error).__name__}"
            raise PrinterError(PrinterCode.UNREACHABLE, text) from error
        if answer.request_id != request.request_id:
            raise IppError(f"expected the answer to request {request.request_id}, got one to {answer.request_id}")
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _chunks(self, body: bytes, deadline_s: float) -> Iterator[bytes]:
        for start in range(0, len(body), _CHUNK_BYTES):
            self._in_time(deadline_s)
            yield body[start : start + _CHUNK_BYTES]

    def _read(self, response: httpx.Response, deadline_s: float) -> bytes:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != httpx.codes.OK or kind != _TYPE:
            raise IppError(f"expected HTTP 200 with {_TYPE}, got HTTP {response.status_code}")
        received = bytearray()
        # No chunk size: it would gather drips until the chunk is full, and the deadline would never be looked at.
        for chunk in response.iter_raw():
            self._in_time(deadline_s)
            received += chunk
            if len(received) > MAX_ANSWER_BYTES:
                raise IppError(f"expected an answer of at most {MAX_ANSWER_BYTES} bytes, got more")
        return bytes(received)

    def _in_time(self, deadline_s: float) -> None:
        if self._clock.now_s() > deadline_s:
            raise PrinterError(PrinterCode.UNREACHABLE, "the exchange with the printer took longer than its bound")
