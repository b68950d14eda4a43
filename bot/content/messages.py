"""config/languages/*/messages.yaml: every sentence a patient can receive, and how it is put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from pydantic import model_validator

from bot.content.protocols import Review
from bot.content.reading import Content, ContentError, read_model
from bot.vocabulary import LanguageCode

PARAMETERS = frozenset(
    {
        "clinic",
        "phone",
        "name",
        "patient",
        "date",
        "check_in",
        "short",
        "number",
        "total",
        "minutes",
        "when",
        "words",
        "names",
        "staff",
        "seen",
    }
)
# á í ó ú are not in GSM-7: one of them turns a text of 160 into one of 70 (3GPP TS 23.038; PLATFORM.md 0.7).
COSTLY = str.maketrans("áíóúÁÍÓÚ’“”", 'aiouAIOU\'""')
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
DOUBLE = frozenset("^{}\\[~]|€")


class Messages(Content):
    """One language: names of check-ins, questions, and all other texts by key."""

    language: LanguageCode
    name: str
    reviewed: Review
    check_ins: dict[str, str]
    short: dict[str, str]
    questions: dict[str, str]
    texts: dict[str, str]

    @model_validator(mode="after")
    def _known_parameters(self) -> Messages:
        for key, words in (self.texts | self.questions).items():
            unknown = parameters_of(words) - PARAMETERS
            if unknown:
                raise ValueError(f"{key}: {{{sorted(unknown)[0]}}} is not filled in by anything")
        if not parameters_of(self.texts.get("plain", "")) <= {"clinic", "phone"}:
            raise ValueError("plain: holds only {clinic} and {phone}, so that it can always be said")
        return self

    def plainly(self, clinic: str, phone: str) -> str:
        """What is said where a text cannot be written; nothing in it can fail."""
        return self.texts["plain"].replace("{clinic}", clinic).replace("{phone}", phone)

    def say(self, key: str, parameters: Mapping[str, str]) -> str:
        """The text of that key, filled in; KeyError if it, or a parameter that it needs, is missing."""
        return self.texts[key].format_map(parameters)


def parameters_of(words: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(words) if name)


def fold_for_sms(words: str) -> str:
    """The same words without the letters that would double the price of the text."""
    return words.translate(COSTLY)


def segments(words: str) -> int:
    """How many SMS segments the text costs (160/153 septets in GSM-7, 70/67 units in UCS-2)."""
    length = septets(words)
    if set(words) <= GSM_7:
        return 1 if length <= 160 else -(-length // 153)
    return 1 if length <= 70 else -(-length // 67)


def septets(words: str) -> int:
    """The length that a carrier counts: septets in GSM-7, else UCS-2 units."""
    if set(words) <= GSM_7:
        return len(words) + sum(c in DOUBLE for c in words)
    return len(words.encode("utf-16-le")) // 2


def load_messages(config_dir: Path) -> dict[LanguageCode, Messages]:
    """Every language's messages.

    :raises ContentError: a file is wrong, or there is none.
    """
    found: dict[LanguageCode, Messages] = {}
    for path in sorted((config_dir / "languages").glob("*/messages.yaml")):
        messages = read_model(Messages, path)
        if messages.language != path.parent.name:
            raise ContentError(f"{path}: language: is {messages.language}, in the folder of {path.parent.name}")
        found[messages.language] = messages
    if not found:
        raise ContentError(f"{config_dir}/languages: holds no messages.yaml")
    return found
