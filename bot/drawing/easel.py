"""Hands pictures to the painter and keeps what came back; starts the painter when it is first needed, and again when it
has gone."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[2]
MOST_KEPT = 64
PATIENCE_S = 30  # the first chart takes 2 s on an idle machine

Form = Literal["svg", "spec"]


class NotDrawn(Exception):
    """The painter failed or is gone; whoever asked shows the numbers without a chart."""


class Easel:
    """One painter and the newest drawings, for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._painter: subprocess.Popen[bytes] | None = None
        self._kept: OrderedDict[str, str] = OrderedDict()

    def draw(self, picture: Any, form: Form) -> str:
        """The picture (a dataclass that `painter.CHARTS` knows) as SVG, or as a Vega-Lite specification.

        :raises NotDrawn: there is no drawing.
        """
        return self._ask({"chart": type(picture).__name__, "picture": asdict(picture), "form": form})

    def script(self, folder: Path) -> Path:
        """Vega, Vega-Lite and vega-embed in one file below `folder`, made once for this version.

        :raises NotDrawn: it could not be made.
        """
        path = folder / f"vega-{version('vl-convert-python')}.js"
        if not path.exists():
            words = self._ask({"form": "script"})
            folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{threading.get_ident()}")
            draft.write_text(words, encoding="utf-8")
            draft.replace(path)
        return path

    def _ask(self, order: dict[str, Any]) -> str:
        line = json.dumps(order, sort_keys=True)
        with self._lock:
            if line in self._kept:
                self._kept.move_to_end(line)
                return self._kept[line]
            drawn = self._send(line)
            if order["form"] != "script":
                self._kept[line] = drawn
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return drawn

    def _send(self, line: str) -> str:
        painter = self._running()
        assert painter.stdin is not None
        assert painter.stdout is not None
        alarm = threading.Timer(PATIENCE_S, painter.kill)
        alarm.start()
        try:
            painter.stdin.write(line.encode() + b"\n")
            painter.stdin.flush()
            answer = json.loads(painter.stdout.readline() or b'{"failed": "gone"}')
        except (OSError, ValueError) as error:
            raise NotDrawn(type(error).__name__) from None
        finally:
            alarm.cancel()
        if "drawn" not in answer:
            raise NotDrawn(str(answer.get("failed")))
        return str(answer["drawn"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._painter is None or self._painter.poll() is not None:
            self._end(self._painter)
            self._painter = subprocess.Popen(
                [sys.executable, "-m", "bot.drawing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )
        return self._painter

    def close(self) -> None:
        """Lets the painter go."""
        with self._lock:
            self._end(self._painter)
            self._painter = None

    @staticmethod
    def _end(painter: subprocess.Popen[bytes] | None) -> None:
        if painter is None:
            return
        _quietly(painter.stdin.close if painter.stdin else None)
        try:
            painter.wait(5)
        except subprocess.TimeoutExpired:
            painter.kill()
            painter.wait(5)
        _quietly(painter.stdout.close if painter.stdout else None)


def _quietly(close: Callable[[], None] | None) -> None:
    try:
        if close is not None:
            close()
    except OSError:
        return  # the other end was gone already


@cache
def shared_easel() -> Easel:
    """The process's one easel, let go when the process ends."""
    easel = Easel()
    atexit.register(easel.close)
    return easel
