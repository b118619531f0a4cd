"""One run of the measurements: how large it is, and what it tells while it works."""

import time
from dataclasses import dataclass, field

from rich.console import Console

ROUNDS = 3


@dataclass(slots=True)
class Run:
    """`scale` divides the sizes, for trying the measurements out; figures count at 1 only."""

    full: bool = False
    scale: int = 1
    console: Console = field(default_factory=lambda: Console(stderr=True))
    began: float = field(default_factory=time.monotonic)

    def size(self, number: int) -> int:
        return max(number // self.scale, 200)

    def tell(self, text: str) -> None:
        """Say what is going on, with the time since the start."""
        minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
        self.console.print(f"{minutes:3d}:{seconds:02d}  {text}", highlight=False)
