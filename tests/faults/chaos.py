"""A minute in which everything goes wrong, drawn from a seed: the provider, the processes, the database."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.faults.plant import KIM, RIVERA, Plant
from tests.faults.server import OwnServer

OUTAGES = ("503", "500", "429", "reset", "stuck", "500_accepted", "reset_accepted", "half", "slow")
RED_FLAGS = ("I can't feel my legs", "I have a fever of 102", "I wet myself and did not notice")
QUIET = ("all good", "pain is 3", "no", "feeling better today", "4", "thanks")
# Codes that end in a person's work at once, and two that are tried again long after the run.
UNDELIVERED = (30003, 30004, 30005, 30006, 30008, 39999)


@dataclass
class Chaos:
    """What is done to the plant, and how often."""

    plant: Plant
    rng: Random
    server: OwnServer | None
    patients: list[str]
    slow_s: tuple[float, ...] = (1.0, 3.0, 11.0)  # the bot waits for 10
    lag_s: tuple[float, ...] = (0.0, 3.0)
    done: Counter[str] = field(default_factory=Counter)

    def run(self, seconds: float) -> None:
        """All of it for so long; afterwards the provider works again and nobody is stopped."""
        over = threading.Event()
        trouble = [
            threading.Thread(target=self._again_and_again, args=(over, *what))
            for what in (
                (0.5, self._change_provider),
                (2.5, self._go_away),
                (3.0, self._kill_worker),
                (4.0, self._kill_web),
                (7.0, self._stop_worker),
                (14.0, self._restart_database),
                (0.25, self._text),
                (1.5, self._acknowledge),
            )
        ]
        for thread in trouble:
            thread.start()
        time.sleep(seconds)
        over.set()
        for thread in trouble:
            thread.join()
        self.plant.standin.faults.clear()

    def _again_and_again(self, over: threading.Event, every_s: float, act: Callable[[], str]) -> None:
        rng = Random(self.rng.random())
        while not over.wait(every_s * rng.uniform(0.5, 1.5)):
            self.done[act()] += 1

    def _change_provider(self) -> str:
        faults, rng = self.plant.standin.faults, self.rng
        outage = rng.choice(OUTAGES)
        unlucky = rng.sample(self.patients, min(3, len(self.patients)))
        faults.change({
            "outage": outage, "outage_every": rng.choice((1, 2, 3)), "slow_s": rng.choice(self.slow_s),
            "retry_after_s": rng.choice((1, 3)), "list_lag_s": rng.choice(self.lag_s),
            "no_callbacks": rng.random() < 0.2, "reversed_callbacks": rng.random() < 0.3,
            "callbacks_first": rng.random() < 0.2, "repeats": rng.choice((1, 1, 5)),
            "per_second": rng.choice((0.0, 0.0, 20.0)), "undelivered": {n: rng.choice(UNDELIVERED) for n in unlucky},
            "call_ends": {KIM: rng.choice(("busy", "failed", "no-answer", "voicemail"))},
        })  # by rows, not an item a line  # fmt: skip
        return outage

    def _go_away(self) -> str:
        self.plant.standin.go_away()
        time.sleep(self.rng.uniform(0.2, 1.5))
        self.plant.standin.come_back()
        return "provider refuses connections"

    def _kill_worker(self) -> str:
        _signal(self.rng.choice(self.plant.worker_pids()), signal.SIGKILL)
        return "worker killed"

    def _kill_web(self) -> str:
        pids = self.plant.web_pids()
        if pids:
            _signal(self.rng.choice(pids), signal.SIGKILL)
        return "web killed"

    def _stop_worker(self) -> str:
        """Paused, as a virtual machine is when it is moved; it wakes and believes that no time has passed."""
        pid = self.rng.choice(self.plant.worker_pids())
        _signal(pid, signal.SIGSTOP)
        time.sleep(self.rng.uniform(1, 5))
        _signal(pid, signal.SIGCONT)
        return "worker paused"

    def _restart_database(self) -> str:
        if self.server is not None:
            self.server.restart_immediately()
        return "database restarted immediately"

    def _text(self) -> str:
        words = self.rng.choice(RED_FLAGS if self.rng.random() < 0.15 else QUIET)
        self.plant.standin.carrier.phone_texts_soon(self.rng.choice(self.patients), words)
        return "text in"

    def _acknowledge(self) -> str:
        """Somebody who was paged takes one of the alerts."""
        number = self.rng.choice((KIM, RIVERA))
        pages = [m.body for m in self.plant.ledger.texts_to(number) if m.arrived and "ACK " in m.body]
        if not pages:
            return "nothing"
        code = self.rng.choice(pages).split("ACK ")[1].split()[0]
        self.plant.standin.carrier.phone_texts_soon(number, f"ack {code}")
        return "acknowledgement"


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
