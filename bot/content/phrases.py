"""Turns of phrase that steer a conversation, the questions that the clinic's page answers, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.reading import Content, ContentError, read_model
from bot.vocabulary import LanguageCode

SIGNALS = frozenset({"auto_reply", "opt_out", "new_number", "diary", "speak_en", "speak_es", "this_list"})


class Phrases(Content):
    """One language's phrases; how they are written stands at the top of each file."""

    language: LanguageCode
    signals: dict[str, tuple[str, ...]]
    choices: dict[str, dict[str, tuple[str, ...]]]
    off_page: tuple[str, ...]
    common_names: tuple[str, ...] = ()
    faq: dict[str, tuple[str, ...]]


class FaqTopic(Content):
    """A question that may be answered, the words of the clinic's page behind it, and whether staff get it too."""

    page: tuple[str, ...]
    to_staff: bool = False


class Faq(Content):
    """config/faq.yaml."""

    topics: dict[str, FaqTopic]


class OtherLanguages(Content):
    """config/other_languages.yaml: small words that tell a language which the bot does not speak."""

    languages: dict[str, tuple[str, ...]]


def load_phrases(config_dir: Path) -> dict[LanguageCode, Phrases]:
    """Every language's phrases.

    :raises ContentError: a file is wrong, or says another language than its folder.
    """
    found: dict[LanguageCode, Phrases] = {}
    for path in sorted((config_dir / "languages").glob("*/phrases.yaml")):
        phrases = read_model(Phrases, path)
        if phrases.language != path.parent.name:
            raise ContentError(f"{path}: language: is {phrases.language}, in the folder of {path.parent.name}")
        found[phrases.language] = phrases
    return found


def load_page(config_dir: Path) -> str:
    """The clinic's page, its white space evened out.

    :raises ContentError: it is not there.
    """
    path = config_dir / "clinic_page.txt"
    try:
        return even(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError(f"{path}: cannot be read: {error.strerror}") from error


def even(text: str) -> str:
    """The text with single spaces, and plain hyphens and apostrophes, so that quotes can be compared."""
    return " ".join(text.translate(str.maketrans("–—’‘“”", "--''\"\"")).split())


def find_problems(faq: Faq, page: str, phrases: Mapping[LanguageCode, Phrases]) -> Iterator[str]:
    """What an answer claims that the page does not hold, and what one language lacks."""
    for topic, rule in faq.topics.items():
        for quote in rule.page:
            if even(quote) not in page:
                yield f"faq.yaml: {topic}: the clinic's page does not say {quote!r}"
    for code, spoken in phrases.items():
        for name, wanted, there in (
            ("faq", set(faq.topics), set(spoken.faq)),
            ("signals", SIGNALS, set(spoken.signals)),
        ):
            for key in sorted(wanted ^ there):
                yield f"languages/{code}/phrases.yaml: {name}: {key} is {'missing' if key in wanted else 'unknown'}"
