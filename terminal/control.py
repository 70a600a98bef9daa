"""The staff's way in: a local socket on which ``honnin terminal status|release|withdraw|restore|stop`` speak to the supervisor.

One JSON object a connection, one JSON object back. Only the service's own user and root are heard (SO_PEERCRED, unix(7)).
"""

import os
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from terminal.errors import HonninError
from terminal.money.movements import ClaimNumber

SOCKET_NAME = "control.sock"
_REQUEST_MAX_BYTES = 4096
_TIMEOUT_S = 5.0
_HEARING_S = 1.0
"""How long the supervisor listens to one who has connected: customers wait meanwhile."""
CommandName: TypeAlias = Literal["status", "release", "withdraw", "restore", "settle", "pay-claim", "stop"]
_CREDENTIALS = struct.Struct("3i")


class ControlError(HonninError):
    """A staff command could not be given or was refused: ``CONTROL_…``."""


class StaffCommand(BaseModel):
    """What staff ask of the supervisor; ``staff`` is the code of the person who answers for it (not a name)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: CommandName
    staff: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")] | None = None
    device: Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")] | None = None
    claim: ClaimNumber | None = None


class StaffReply(BaseModel):
    """The supervisor's answer: ``code`` is empty when the command was taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    text: str
    code: str = ""


def staff_command(
    command: CommandName, staff: str | None = None, device: str | None = None, claim: str | None = None
) -> StaffCommand:
    """What was asked for, checked; raise ``ControlError`` (``CONTROL_BAD_REQUEST``) for codes that cannot be."""
    try:
        return StaffCommand(command=command, staff=staff, device=device, claim=claim)
    except ValidationError:
        text = (
            "expected --staff CODE of 1 to 32 letters, digits and hyphens, --device of small letters, --claim like 0000-0001, "
            "something else came; use the code on the shift list and the number on the ticket"
        )
        raise ControlError("CONTROL_BAD_REQUEST", text) from None


class ControlServer:
    """The supervisor's end; ``fileno`` makes it selectable and ``serve_one`` answers one connection."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / SOCKET_NAME
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        previous = os.umask(0o177)
        try:
            self._socket.bind(str(self._path))
        except OSError as error:
            self._socket.close()
            text = f"expected to listen on {self._path} (at most 107 bytes), {error.strerror or error}; set a shorter state_dir"
            raise ControlError("CONTROL_NO_SOCKET", text) from None
        finally:
            os.umask(previous)
        self._socket.listen(4)

    def fileno(self) -> int:
        """The listening descriptor."""
        return self._socket.fileno()

    def serve_one(self, handle: Callable[[StaffCommand], StaffReply]) -> None:
        """Answer the connection that waits; whatever it sends, the supervisor goes on."""
        try:
            connection, _ = self._socket.accept()
        except OSError:
            # Who knocked has gone, or no descriptor is free: the next turn hears whoever is still there.
            return
        with connection:
            connection.settimeout(_HEARING_S)
            try:
                reply = self._reply(connection, handle)
                connection.sendall(reply.model_dump_json().encode())
            except OSError:
                return

    def close(self) -> None:
        """Stop listening and take the socket away."""
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _reply(self, connection: socket.socket, handle: Callable[[StaffCommand], StaffReply]) -> StaffReply:
        _, user, _ = _CREDENTIALS.unpack(
            connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        )
        try:
            # Read whoever it is: an answer before the question would break the asker's line.
            asked = _read_to_end(connection, _HEARING_S)
            if user not in (0, os.getuid()):
                return StaffReply(
                    state="", text="only the service's own user and root are heard", code="CONTROL_NOT_ALLOWED"
                )
            command = StaffCommand.model_validate_json(asked)
        except (ValidationError, ValueError):
            return StaffReply(
                state="", text="expected one JSON object with command and staff", code="CONTROL_BAD_REQUEST"
            )
        return handle(command)


def ask(state_dir: Path, command: StaffCommand) -> StaffReply:
    """Give ``command`` to the supervisor of ``state_dir``; raise ``ControlError`` when none answers."""
    path = state_dir / SOCKET_NAME
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT_S)
        try:
            connection.connect(str(path))
            connection.sendall(command.model_dump_json().encode())
            connection.shutdown(socket.SHUT_WR)
            return StaffReply.model_validate_json(_read_to_end(connection, _TIMEOUT_S))
        except (OSError, ValidationError) as error:
            text = (
                f"no terminal service answers on {path} ({type(error).__name__}); start it with `honnin terminal run`"
            )
            raise ControlError("CONTROL_NO_SERVICE", text) from None


def _read_to_end(connection: socket.socket, bound_s: float) -> bytes:
    """One bound for all of it: a byte now and then must not hold the supervisor."""
    until_s = time.monotonic() + bound_s
    parts = bytearray()
    while part := connection.recv(_REQUEST_MAX_BYTES):
        connection.settimeout(max(0.001, until_s - time.monotonic()))
        parts += part
        if len(parts) > _REQUEST_MAX_BYTES:
            raise ValueError(f"at most {_REQUEST_MAX_BYTES} bytes are read, more came")
    return bytes(parts)
