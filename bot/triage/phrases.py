"""Finds turns of phrase in a text: an auto-reply, a wish for a language, a choice, a question that the page answers.

It never judges symptoms, and whoever calls it asks only about texts that raise no red flag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.content.phrases import Phrases
from bot.content.protocols import Question
from bot.triage.text import tokens_of
from bot.vocabulary import Clarify, Finding, Intent, Level

GAP = 2  # words that may stand between two of a phrase
LONGEST_CHOICE = 10  # words
LONGEST_QUESTION = 25  # words: a longer text asks for more than one answer, so staff read it
ENOUGH_FOREIGN = 2  # different small words of one other language
FOREIGN_SHARE = 0.3  # of all words


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """The phrases of every language, and the small words of those that the bot does not speak."""

    spoken: tuple[Phrases, ...]
    foreign: Mapping[str, frozenset[str]]


def phrase_book(phrases: Iterable[Phrases], foreign: Mapping[str, Sequence[str]]) -> PhraseBook:
    """The book, with foreign words folded as texts are."""
    return PhraseBook(
        tuple(phrases),
        {language: frozenset(w for word in words for w in words_of(word)) for language, words in foreign.items()},
    )


def words_of(text: str) -> list[str]:
    """The text's words and numbers, folded; an apostrophe parts no word."""
    return [token.word for token in tokens_of(text) if not token.is_sign]


def signals_in(text: str, book: PhraseBook) -> frozenset[str]:
    """Every signal that the text holds, in any language."""
    words = words_of(text)
    return frozenset(
        name
        for spoken in book.spoken
        for name, phrases in spoken.signals.items()
        if any(_holds(words, phrase) for phrase in phrases)
    )


def choice_in(text: str, question: str, book: PhraseBook) -> int | None:
    """The number that the text chooses of that question: a bare one, or what stands for it in words."""
    words = words_of(text)
    offered = {key for spoken in book.spoken for key in spoken.choices.get(question, {})}
    if len(words) == 1 and words[0] in offered:
        return int(words[0])
    found = [
        (len(phrase.split()), int(key))
        for spoken in book.spoken
        for key, phrases in spoken.choices.get(question, {}).items()
        for phrase in phrases
        if _holds(words, phrase)
    ]
    return max(found)[1] if found else None


def faq_in(text: str, book: PhraseBook) -> str | None:
    """The topic that the text asks about, if the clinic's page answers it; the longest phrase decides."""
    words = words_of(text)
    if len(words) > LONGEST_QUESTION:
        return None
    if is_off_page(text, book):
        return None
    found = [
        (len(phrase.split()), topic)
        for spoken in book.spoken
        for topic, phrases in spoken.faq.items()
        for phrase in phrases
        if _holds(words, phrase)
    ]
    return max(found)[1] if found else None


def is_off_page(text: str, book: PhraseBook) -> bool:
    """Whether the text asks about something that the page is silent about, whatever else it asks."""
    words = words_of(text)
    return any(_is(word, off) for spoken in book.spoken for off in spoken.off_page for word in words)


def names_somebody(text: str, name: str, book: PhraseBook) -> bool:
    """Whether the text names that person; a name that is an everyday word counts only with its capital."""
    folded = "".join(words_of(name)[:1])
    if not folded or folded not in words_of(text):
        return False
    if any(folded in spoken.common_names for spoken in book.spoken):
        return name in re.findall(r"\w+", text)
    return True


def is_foreign(text: str, book: PhraseBook) -> bool:
    """Whether the text is in a language that the bot does not speak, as far as its small words tell."""
    words = words_of(text)
    hits = [len(set(words) & small) for small in book.foreign.values()]
    return bool(words) and max(hits, default=0) >= max(ENOUGH_FOREIGN, FOREIGN_SHARE * len(set(words)))


@lru_cache(maxsize=4096)
def _parsed(phrase: str) -> tuple[tuple[str, ...], bool, bool]:
    parts = phrase.lower().split()
    starts, ends = parts[:1] == ["^"], parts[-1:] == ["$"]
    return tuple(parts[starts : len(parts) - ends]), starts, ends


def _holds(words: Sequence[str], phrase: str) -> bool:
    """Whether the phrase's words stand in the text in this order, with small gaps."""
    parts, starts, ends = _parsed(phrase)
    heads = [0] if starts else range(len(words))
    return any(_from(words, at, parts, ends=ends) for at in heads)


def _from(words: Sequence[str], at: int, parts: tuple[str, ...], *, ends: bool) -> bool:
    if at >= len(words) or not _is(words[at], parts[0]):
        return False
    if len(parts) == 1:
        return not ends or at == len(words) - 1
    return any(_from(words, after, parts[1:], ends=ends) for after in range(at + 1, at + 2 + GAP))


def _is(word: str, part: str) -> bool:
    return any(word.startswith(one[:-1]) if one.endswith("*") else word == one for one in part.split("|"))


PAGE_MAY_ANSWER = frozenset(
    {
        "activity_question", "appointment_request", "bruising", "courtesy", "expected_soreness", "good_relief",
        "no_symptoms",
    }
)  # by rows, not an item a line  # fmt: skip
"""Flags that may stand beside a question which the page answers; any other flag is a person's business."""
STEERS = frozenset({"auto_reply", "new_number", "diary", "speak_en", "speak_es"})


def with_phrases(finding: Finding, text: str, question: Question | None, book: PhraseBook) -> Finding:
    """The finding with what phrases add: the choice that answers `question`, signals, the page's topic, a language that
    nobody here speaks. A red flag and a keyword stay untouched, but for a bare number that answers a choice."""
    if question is not None and question.is_choice:
        finding = _with_choice(finding, text, question, book)
    if finding.level.pages or finding.keyword is not None or finding.choice is not None:
        return finding
    if finding.flag_word:  # a word that may be a symptom: nothing but the wording of the question back may change
        return replace(finding, clarify=Clarify.LANGUAGE) if is_foreign(text, book) else finding
    finding = _with_signals(_without_false_question(finding, text), signals_in(text, book))
    if not finding.signals and Intent.OPT_OUT not in finding.intents and is_foreign(text, book):
        return replace(finding, level=Level.UNCLEAR, clarify=Clarify.LANGUAGE, answer=None)
    asks = Intent.QUESTION in finding.intents and finding.level in (Level.NORMAL, Level.ROUTINE)
    if asks and PAGE_MAY_ANSWER.issuperset(finding.flags):
        off = frozenset({"off_page"} if is_off_page(text, book) else ())
        return replace(finding, faq=faq_in(text, book), signals=finding.signals | off)
    return finding


def _without_false_question(finding: Finding, text: str) -> Finding:
    """ "como un 3" asks nothing: a short text with a number in it and no question mark is an answer."""
    has_number = finding.pain is not None or finding.relief is not None
    if has_number and "?" not in text and len(words_of(text)) <= LONGEST_CHOICE:
        return replace(finding, intents=tuple(i for i in finding.intents if i is not Intent.QUESTION))
    return finding


def _with_choice(finding: Finding, text: str, question: Question, book: PhraseBook) -> Finding:
    """A bare number answers what was asked and is no pain score; words answer it only where they raise no flag."""
    choice = choice_in(text, question, book)
    if choice is None:
        return finding
    if len(words_of(text)) == 1:
        return Finding(Level.NORMAL, language=finding.language, choice=choice)
    if finding.level.pages or len(words_of(text)) > LONGEST_CHOICE:
        return finding
    return replace(finding, level=_calmed(finding), clarify=None, flag_word=False, choice=choice)


def _calmed(finding: Finding) -> Level:
    return Level.NORMAL if finding.level is Level.UNCLEAR else finding.level


def _with_signals(finding: Finding, signals: frozenset[str]) -> Finding:
    if "opt_out" in signals:
        intents = (*finding.intents, Intent.OPT_OUT)
        return replace(finding, level=_calmed(finding), clarify=None, intents=intents)
    if "this_list" in signals and finding.pain is None and finding.relief is None:
        return replace(finding, answers_all=False)  # "none of those" knows only what was asked; "no to all" means all
    if signals & STEERS:
        return replace(finding, level=_calmed(finding), clarify=None, signals=signals & STEERS)
    return finding
