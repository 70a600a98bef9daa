"""How long the driver waits for a PIN pad."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PinPadTiming:
    """Seconds. The longest answer (150 bytes) takes 0.16 on a line of 9,600 baud."""

    answer_s: float = 0.5
    """To a whole answer; asked ``tries`` times."""
    poll_s: float = 0.1
    """Between two looks at an entry. Every look has the same form, so that the line does not tell when a key is pressed."""
    tries: int = 3
