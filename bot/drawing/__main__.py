"""python -m bot.drawing: the painter, on pipes; whatever a library prints goes nowhere near the answers."""

from __future__ import annotations

import os
import sys

from bot.drawing.painter import serve

answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
serve(open(sys.stdin.fileno(), "rb", buffering=0), answers)  # noqa: SIM115, PTH123 - unbuffered, so that select sees all
