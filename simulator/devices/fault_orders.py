"""How a fault is asked for from outside, in one form for every emulator: its kind, and at most one of the ways to say when."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from simulator.devices.fault_plan import After, Next, Ratio, UntilCleared, When, Window

WAYS: Final = "at the next occasion; or after=N, ratio=P (seed=S), window_s=[FROM,UNTIL], until_cleared=true"
"""For help texts."""


class FaultOrder(BaseModel):
    """The arguments of ``add-fault``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    after: int | None = Field(default=None, ge=0)
    ratio: float | None = Field(default=None, ge=0, le=1)
    seed: int = 0
    window_s: tuple[float, float] | None = None
    until_cleared: bool = False

    def when(self) -> When:
        """The typed way; raise ``ValueError`` when two are given."""
        ways: list[When] = []
        if self.after is not None:
            ways.append(After(self.after))
        if self.ratio is not None:
            ways.append(Ratio(self.ratio, self.seed))
        if self.window_s is not None:
            if not 0 <= self.window_s[0] < self.window_s[1]:
                raise ValueError("expected window_s=[FROM,UNTIL], 0 or more and FROM before UNTIL")
            ways.append(Window(*self.window_s))
        if self.until_cleared:
            ways.append(UntilCleared())
        if len(ways) > 1:
            raise ValueError("expected at most one of after, ratio, window_s and until_cleared")
        return ways[0] if ways else Next()
