"""The printer's bounds, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``bound_s`` is from the document's first byte to the completion, waiting for paper included.

    ``unreachable_s`` is how long the printer may give no usable answer during a job; ``settle_s`` how long a cancelled job or
    a cleared printer may take to come to rest.
    """

    poll_s: float = 0.5
    bound_s: float = 180.0
    unreachable_s: float = 15.0
    settle_s: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.poll_s <= min(self.bound_s, self.unreachable_s, self.settle_s):
            raise ValueError(f"expected 0 < poll_s <= bound_s, unreachable_s and settle_s, got {self}")
