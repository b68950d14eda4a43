"""config/passwords.yaml: what a password of staff may be; it asks for length, and for nothing about its signs."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field

from bot.content.reading import Content

LEAST_DIFFERENT = 5
LEAST_NAME = 3


class PasswordRules(Content):
    """Length, and what everybody tries first."""

    shortest: int = Field(ge=8)
    longest: int = Field(le=200)
    common: frozenset[str]

    def complaint(self, new: str, username: str) -> str | None:
        """What is wrong with it in one line, or None."""
        folded = new.casefold()
        if len(new) < self.shortest:
            return f"Take at least {self.shortest} signs: a few words in a row are easy to remember."
        if len(new) > self.longest:
            return f"Take at most {self.longest} signs."
        if len(username) >= LEAST_NAME and username.casefold() in folded:
            return "It holds your user name. Take something that nobody would try for you."
        core = folded.strip("0123456789 .,;:!?*#$%&+-_/@()'\"")
        if core in self.common or folded in self.common or len(set(folded)) < LEAST_DIFFERENT or _counts(folded):
            return "It is one of those that are tried first. Take a few words that do not belong together."
        return None


def _counts(word: str) -> bool:
    """Whether it only counts up or down: 123456789012, 098765432109."""
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(word)} if word.isdigit() else set()
    return len(steps) == 1
