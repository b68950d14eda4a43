"""config/staff.yaml: every sentence that staff receive; no placeholder of it can hold a patient's data."""

from __future__ import annotations

import re

from pydantic import model_validator

from bot.content.messages import fold_for_sms, parameters_of
from bot.content.reading import Content
from bot.vocabulary import Level

PARAMETERS = frozenset({"clinic", "level", "code", "link", "console", "refs", "by", "count", "minutes", "pin"})
TEXTS = (
    "page", "page_again", "page_reopened", "taken", "yours", "yours_already", "taken_already", "which_one",
    "wrong_code", "none_waiting", "reminder", "unsorted", "overdue", "nobody_on_call", "code", "test", "test_thanks",
)  # by rows, not an item a line  # fmt: skip
VOICE = ("page", "no_key", "yours", "taken_already", "passed_on", "unknown", "code", "test", "test_thanks")
PAGES = ("page", "page_again", "page_reopened")
# Carriers take these for a command and would cut staff off (RELIABILITY.md 1, "STOP from staff").
COMMANDS = re.compile(r"\b(stop|stopall|unsubscribe|cancel|end|quit)\b", re.IGNORECASE)


class Reads(Content):
    """How a text from staff is read (planning/staff_reply.py)."""

    acknowledge: tuple[str, ...]
    agree: tuple[str, ...]
    refuse: tuple[str, ...]


class StaffWords(Content):
    """Texts, spoken words and the names of levels, for staff."""

    levels: dict[Level, str]
    texts: dict[str, str]
    voice: dict[str, str]
    reads: Reads

    @model_validator(mode="after")
    def _complete(self) -> StaffWords:
        for where, given, needed in (("texts", self.texts, TEXTS), ("voice", self.voice, VOICE)):
            for key in {*needed, *given}:
                if key not in given or key not in needed:
                    raise ValueError(f"{where}: {key} is {'missing' if key in needed else 'used by nothing'}")
                unknown = parameters_of(given[key]) - PARAMETERS
                if unknown:
                    raise ValueError(f"{where}: {key}: {{{sorted(unknown)[0]}}} is not filled in by anything")
                if COMMANDS.search(given[key]):
                    raise ValueError(f"{where}: {key}: holds a word that carriers take for a command")
                if "ACK {code}" in given[key] and key not in PAGES:
                    raise ValueError(f"{where}: {key}: reads like a page: only a page holds ACK {{code}}")
        for key in PAGES:
            if "ACK {code}" not in self.texts[key] or "{link}" not in self.texts[key]:
                raise ValueError(f"texts: {key}: must hold ACK {{code}} and {{link}}")
        return self

    def text(self, key: str, **fill: str) -> str:
        """A text to staff, as it is sent."""
        return fold_for_sms(self.texts[key].format_map(fill))

    def spoken(self, key: str, **fill: str) -> str:
        """What a call says."""
        return self.voice[key].format_map(fill)

    def level(self, level: Level) -> str:
        """How a page calls the level."""
        return self.levels.get(level, level.value.upper())
