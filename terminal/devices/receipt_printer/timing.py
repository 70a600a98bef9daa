"""How long the driver waits for a receipt printer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceiptTiming:
    """Seconds. A block of 1 KB takes one on a line of 9,600 baud, and its 40 lines of paper four on a slow printer."""

    answer_s: float = 0.5
    """To an answer that a printer gives at once; asked three times at most."""
    settle_s: float = 0.02
    """After an answer, for one that should not be there."""
    poll_s: float = 0.5
    """Between two looks at the status while a block is printed."""
    block_s: float = 10.0
    """For the word that a block is printed."""
