"""A stand-in in a process of its own, which takes 50 ms for every answer: python -m bench.provider BOT_URL."""

from __future__ import annotations

import signal
import sys

from bot.standin.server import start_standin
from bot.standin.settings import StandinSettings
from tests.story import ACCOUNT, BOT, TOKEN

ANSWER_S = 0.05  # PERFORMANCE.md, "dispatch"


def main() -> None:
    """Serves until it is ended; the first line of its output is its address."""
    running = start_standin(StandinSettings(ACCOUNT, TOKEN, sys.argv[1], bot_number=BOT, opt_out_mode="app"))
    running.faults.change({"answer_delay_s": ANSWER_S, "no_callbacks": True})
    print(running.url, flush=True)
    signal.pause()


main()
