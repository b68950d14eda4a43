"""python -m bot: hands over to the commands."""

from __future__ import annotations

from bot.cli.main import main

main()
