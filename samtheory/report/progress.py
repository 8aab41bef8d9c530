"""Progress of a sweep on stderr: a bar of rich if installed, else a plain bar; one line without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

try:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
except ImportError:  # the extra `terminal` is not installed
    Bar = None  # type: ignore[assignment,misc]

#: Columns of the plain bar, and seconds between two times that it shows.
WIDTH, TICK = 30, 1.0


class Progress:
    """Count finished items: `with Progress(total, "cells") as progress`, then `progress.step(result)` for each."""

    def __init__(self, total: int, unit: str) -> None:
        self.total, self.unit = total, unit
        self.done: list[Any] = []
        self.terminal = sys.stderr.isatty()
        self.bar: Any = None
        self.begun, self.ended = time.monotonic(), threading.Event()
        if self.terminal and Bar is not None:
            times = TimeElapsedColumn(), TimeRemainingColumn()
            columns = (TextColumn(unit), BarColumn(), MofNCompleteColumn(), *times)
            self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self.task = self.bar.add_task(unit, total=total)

    def step(self, result: Any) -> None:
        """Count one finished item."""
        self.done.append(result)
        if self.bar is not None:
            self.bar.advance(self.task)
        elif self.terminal:
            self._draw()

    def _draw(self) -> None:
        """The plain bar."""
        filled = WIDTH * len(self.done) // max(self.total, 1)
        bar, count = "#" * filled + "." * (WIDTH - filled), f"{len(self.done)}/{self.total} {self.unit}"
        sys.stderr.write(f"\r[{bar}] {count}, {time.monotonic() - self.begun:.0f} s")
        sys.stderr.flush()

    def _tick(self) -> None:
        """Show that time passes while one item takes long."""
        while not self.ended.wait(TICK):
            self._draw()

    def __enter__(self) -> Progress:
        if self.bar is not None:
            self.bar.start()
        elif self.terminal:
            self._draw()
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.ended.set()
        if self.bar is not None:
            self.bar.stop()
        elif self.terminal:
            sys.stderr.write("\r\033[K")
        if kind is None:
            print(f"{len(self.done)} of {self.total} {self.unit} done", file=sys.stderr)
