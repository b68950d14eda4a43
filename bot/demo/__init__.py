"""The whole bot on one machine, for trying: embedded database, stand-in, web, worker, a movable clock."""

from __future__ import annotations

from bot.demo.play import play
from bot.demo.serve import serve

__all__ = ["play", "serve"]
