"""What can go wrong with the ledger. A terminal that cannot put money on record takes none (promise P4)."""

from enum import StrEnum

from terminal.errors import HonninError


class LedgerCode(StrEnum):
    """Why a movement was not recorded, or a ledger not opened."""

    DISK_FULL = "LEDGER_DISK_FULL"
    READ_ONLY = "LEDGER_READ_ONLY"
    CORRUPT = "LEDGER_CORRUPT"
    UNAVAILABLE = "LEDGER_UNAVAILABLE"
    OTHER_TERMINAL = "LEDGER_OTHER_TERMINAL"
    REFUSED = "LEDGER_REFUSED"
    """A movement that cannot follow the ones before: money would come from nowhere or be counted twice."""


class LedgerError(HonninError):
    """The ledger refused; nothing was recorded. ``code`` is a ``LedgerCode``."""

    @property
    def refused(self) -> bool:
        """True when the movement is at fault (``LEDGER_REFUSED``), not the ledger's file."""
        return self.code == LedgerCode.REFUSED
