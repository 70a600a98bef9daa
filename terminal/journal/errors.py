"""What can go wrong with the journal. A terminal without a journal does not serve: every one of these stops it."""

from enum import StrEnum

from terminal.errors import HonninError


class JournalCode(StrEnum):
    """Why an entry was not written, or a journal not opened."""

    DISK_FULL = "JOURNAL_DISK_FULL"
    READ_ONLY = "JOURNAL_READ_ONLY"
    CORRUPT = "JOURNAL_CORRUPT"
    LOCKED = "JOURNAL_LOCKED"
    UNAVAILABLE = "JOURNAL_UNAVAILABLE"
    NOT_RECOVERED = "JOURNAL_NOT_RECOVERED"
    OTHER_TERMINAL = "JOURNAL_OTHER_TERMINAL"
    MESSAGE_UNFIT = "JOURNAL_MESSAGE_UNFIT"
    NOT_YOURS = "JOURNAL_NOT_YOURS"


class JournalError(HonninError):
    """The journal refused; ``code`` is a ``JournalCode``. The text never repeats what was to be written."""
