"""A job on the devices in a short-lived process of its own: one that hangs costs its answer, never the supervisor.

What the job puts on record goes to the money desk here, and is on the disk before the job goes on, as with a customer's process.
"""

import time
from collections.abc import Callable
from typing import Final, TypeAlias

from terminal.money.codec import frame_of, movement_of_frame
from terminal.money.desk import MoneyDesk
from terminal.money.errors import LedgerError
from terminal.money.movements import Movement
from terminal.money.state import LedgerState
from terminal.money.till import RemoteTill, Till
from terminal.processes.channel import Channel, ChannelError
from terminal.processes.group import fork_group

Job: TypeAlias = Callable[[Till], bytes]
"""Opens the devices it needs, in the process that calls it, and answers in bytes."""

_MOVEMENT: Final = b"M"
_ANSWER: Final = b"A"
_RECORDED: Final = b"\x06"


def ask_aside(job: Job, bound_s: float, desk: MoneyDesk | None = None) -> bytes | Exception:
    """The answer of ``job``, or why there is none within ``bound_s``; raise ``LedgerError`` when the ledger cannot be written."""
    state = desk.state if desk is not None else LedgerState()
    try:
        group = fork_group(lambda channel: _work(job, state, channel))
    except OSError as error:
        return error
    until_s = time.monotonic() + bound_s
    try:
        while True:
            group.channel.set_timeout(max(0.001, until_s - time.monotonic()))
            frame = group.channel.receive()
            if frame[:1] == _ANSWER:
                return frame[1:]
            if desk is None or frame[:1] != _MOVEMENT:
                return ChannelError("CHANNEL_BAD_FRAME", "expected an answer, something else came; its sender is ended")
            desk.record(movement_of_frame(frame[1:].decode("ascii", "replace")))
            group.channel.send(_RECORDED)
    except ChannelError as error:
        return error
    except LedgerError as error:
        if not error.refused:
            raise
        return error
    finally:
        group.kill()


def _work(job: Job, state: LedgerState, channel: Channel) -> int:
    def tell(movement: Movement) -> None:
        channel.send(_MOVEMENT + frame_of(movement).encode())
        if channel.receive() != _RECORDED:
            raise ChannelError("CHANNEL_BAD_FRAME", "expected the supervisor's word that it is on record")

    channel.send(_ANSWER + job(RemoteTill(state, tell)))
    return 0
