"""Does things after a while: one thread keeps the times, a few do the work."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

HANDS = 16
log = logging.getLogger(__name__)


class Later:
    """Ten thousand texts on their way cost one thread, not ten thousand."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="standin")
        self._watch = threading.Thread(target=self._run, daemon=True, name="standin-later")
        self._watch.start()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Does it after so many seconds of real time, unless the stand-in was stopped."""
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + max(0.0, seconds), next(self._order), act))
            self._changed.notify()

    def stop(self) -> None:
        """Forgets what waits, and waits for what is being done."""
        self.stopped.set()
        with self._changed:
            self._waiting.clear()
            self._changed.notify()
        self._watch.join(5)
        self._hands.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self.stopped.is_set():
            act = self._next()
            if act is not None:
                self._hands.submit(_do, act)

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            if self.stopped.is_set():
                return None
            left = self._waiting[0][0] - time.monotonic() if self._waiting else None
            if left is not None and left <= 0:
                return heapq.heappop(self._waiting)[2]
            self._changed.wait(left)
            return None


def _do(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception:
        log.exception("the stand-in tripped")
