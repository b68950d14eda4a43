"""Whether the bot would understand the very answers that its questions invite; it asks nobody and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

from bot.content.protocols import Question
from bot.content.whole import ClinicContent
from bot.flows.conversation import Conversation, OpenCheckIn, State
from bot.flows.cues import newly_answered, read_in_context
from bot.services.hearing import hear_words
from bot.triage.phrases import PhraseBook, phrase_book
from bot.triage.sort import Lexicon, compile_lexicon
from bot.vocabulary import CheckInId, Clarify, ConversationId, Finding, PatientFacts, PatientId, PhoneId

YES_NO = re.compile(r"\b(YES|SI)\b.{0,4}\b(?:or|o)\b.{0,4}\b(NO)\b")
ONE = re.compile(r"\b(?:Reply|Responda) (NO)\b")
NUMBERS = re.compile(r"\b(?:Reply|Responda)(?: de)? (\d+) (?:to|a) (\d+)")


def find_unanswerable(content: ClinicContent) -> Iterator[str]:
    """Questions that invite no answer, answers invited and not understood, questions that nothing asks."""
    lexicon = compile_lexicon(content.words, content.red_flags, content.ear)
    book = phrase_book(content.phrases.values(), content.other_languages.languages)
    asked = {q for questions, more in content.questions().values() for q in (*questions, *more)}
    for question in Question:
        if question not in asked:
            yield f"question {question}: no check-in asks it"
        for code, messages in content.messages.items():
            where = f"languages/{code}: question {question}"
            invited = list(invited_by(messages.questions[question.value]))
            if not invited:
                yield f"{where}: says no answer that one could give"
            for answer in invited:
                if not _is_understood(content, question, answer, lexicon, book):
                    yield f"{where}: nothing understands the answer {answer!r}"
    yield from _clarifying(content, lexicon, book)


def invited_by(words: str) -> Iterator[str]:
    """The answers that a question names: YES and NO, NO alone, both ends of a range."""
    for pattern in (YES_NO, ONE, NUMBERS):
        for match in pattern.finditer(words):
            yield from match.groups()


def _is_understood(content: ClinicContent, question: Question, answer: str, lexicon: Lexicon, book: PhraseBook) -> bool:
    """It answers the question, or it pages."""
    check_in = OpenCheckIn(CheckInId(uuid4()), "any", (question,))
    talk = _talk(State.ASKING, question=question, check_in=check_in)
    finding = _heard(content, talk, answer, lexicon, book)
    return finding.level.pages or question in newly_answered(finding, talk)


def _clarifying(content: ClinicContent, lexicon: Lexicon, book: PhraseBook) -> Iterator[str]:
    for topic, rule in content.clarifying.topics.items():
        for code, messages in content.messages.items():
            invited = set(invited_by(messages.texts[f"clarify_{topic}"]))
            if (rule.yes is None) != (not invited):
                yield f"languages/{code}: clarify_{topic}: invites {sorted(invited)}, and clarifying.yaml differs"
            for answer in invited:
                finding = _heard(content, _talk(State.CLARIFYING, topic=topic), answer, lexicon, book)
                if finding.answer is None:
                    yield f"languages/{code}: clarify_{topic}: nothing understands the answer {answer!r}"


def _talk(
    state: State,
    *,
    question: Question | None = None,
    check_in: OpenCheckIn | None = None,
    topic: Clarify | None = None,
) -> Conversation:
    ids = ConversationId(uuid4()), PatientId(uuid4()), PhoneId(uuid4())
    return Conversation(*ids, state=state, check_in=check_in, question=question, clarify=topic)


def _heard(content: ClinicContent, talk: Conversation, answer: str, lexicon: Lexicon, book: PhraseBook) -> Finding:
    facts = PatientFacts(day=1, baseline=10)
    return read_in_context(hear_words(answer, talk, facts, lexicon, book), talk, content.clarifying)
