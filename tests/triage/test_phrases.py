"""Turns of phrase: what the clinic's page answers, wishes, choices, languages nobody here speaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.content.load import ClinicContent
from bot.content.protocols import Question
from bot.triage.phrases import (
    PhraseBook,
    choice_in,
    faq_in,
    is_foreign,
    names_somebody,
    phrase_book,
    signals_in,
    with_phrases,
)
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Clarify, Intent, Level, PatientFacts

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.fixture(scope="module")
def book(content: ClinicContent) -> PhraseBook:
    return phrase_book(content.phrases.values(), content.other_languages.languages)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What is a pars injection?", "what_is_it"),
        ("why am I having this injection?", "why"),
        ("what is spondylolysis", "spondylolysis"),
        ("How is it done?", "how_done"),
        ("how long does the procedure take?", "how_long_it_takes"),
        ("is there any dye used?", "dye"),
        ("Can I eat before the procedure?", "eat"),
        ("do I stop my eliquis?", "blood_thinners"),
        ("do I need a ride home?", "driver"),
        ("what should I wear?", "wear"),
        ("When will it start working?", "when_work"),
        ("when will it work?", "when_work"),
        ("how soon should i feel better?", "when_work"),
        ("how long does the relief last?", "how_long_last"),
        ("is it normal to be sore?", "soreness"),
        ("can I go to the gym?", "activity"),
        ("when can I play soccer again?", "sport_return"),
        ("what happens next?", "next_steps"),
        ("when should I call you?", "when_call"),
        ("are you a robot?", "robot"),
        ("when is my next appointment?", "visit"),
        ("¿cuándo va a hacer efecto?", "when_work"),
        ("cuánto dura el alivio", "how_long_last"),
        ("¿Puedo hacer ejercicio?", "activity"),
        ("¿cuándo puedo volver a jugar?", "sport_return"),
        ("¿necesito que alguien me lleve?", "driver"),
        ("¿qué sigue?", "next_steps"),
        ("¿puedo comer antes?", "eat"),
        ("¿es usted una máquina?", "robot"),
        # the page is silent, so staff answer
        ("can I take a shower?", None),
        ("can I exercise in the pool?", None),
        ("what can I do today, can I drink beer?", None),
        ("should I put ice on it?", None),
        ("¿puedo tomar ibuprofeno?", None),
        ("what is the wifi password?", None),
        ("what is the procedure for a refund?", None),
    ],
)
def test_the_page_answers_what_it_holds_and_nothing_else(book: PhraseBook, text: str, topic: str | None) -> None:
    assert faq_in(text, book) == topic


def test_a_long_letter_is_for_a_person(book: PhraseBook) -> None:
    assert faq_in("when will it work? " + "I have been thinking about it " * 5, book) is None


def test_a_question_that_implies_a_symptom_is_never_answered_by_the_page(book: PhraseBook, lexicon: Lexicon) -> None:
    """triage.md rule 5: is it normal that I can't pee?"""
    text = "is it normal that I can't pee?"
    finding = sort_reply(text, asked=Asked.NONE, facts=PatientFacts(day=1), lexicon=lexicon)
    heard = with_phrases(finding, text, None, book)
    assert heard.level is Level.EMERGENCY
    assert heard.faq is None


@pytest.mark.parametrize(
    "text",
    ["stop please", "Please stop!", "stop texting me", "no more texts", "take me off this list", "Leave me alone",
     "dejen de escribirme", "ya no me manden mensajes", "quítenme de la lista", "BAJA"],
)  # by rows, not an item a line  # fmt: skip
def test_a_refusal_in_plain_words_is_a_stop(book: PhraseBook, lexicon: Lexicon, text: str) -> None:
    finding = sort_reply(text, asked=Asked.NONE, facts=PatientFacts(day=1), lexicon=lexicon)
    assert Intent.OPT_OUT in with_phrases(finding, text, None, book).intents


@pytest.mark.parametrize(
    "text",
    ["the pain won't stop", "can't stop bleeding", "it won't stop hurting", "I had to stop running", "no para de doler",
     "the bus stop is far, it hurts", "when do I stop the pills?", "stopped taking them"],
)  # by rows, not an item a line  # fmt: skip
def test_a_symptom_with_the_word_stop_is_none(book: PhraseBook, text: str) -> None:
    assert "opt_out" not in signals_in(text, book)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("I'm driving with Do Not Disturb While Driving turned on.", "auto_reply"),
        ("This is an automatic reply", "auto_reply"),
        ("Respuesta automática: estoy fuera", "auto_reply"),
        ("ES", "speak_es"), ("español", "speak_es"), ("en español por favor", "speak_es"), ("EN", "speak_en"),
        ("English please", "speak_en"), ("en inglés por favor", "speak_en"), ("DIARY", "diary"), ("diario", "diary"),
        ("my new number is 913 555 0199", "new_number"), ("cambié de número", "new_number"),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_signals(book: PhraseBook, text: str, signal: str) -> None:
    assert signal in signals_in(text, book)


@pytest.mark.parametrize(
    ("text", "question", "choice"),
    [
        ("2", "pgic", 2), ("much better", "pgic", 2), ("very much better!", "pgic", 1), ("about the same", "pgic", 4),
        ("mucho peor", "pgic", 6), ("igual", "pgic", 4), ("9", "pgic", None), ("hello", "pgic", None),
        ("fully", "sport", 1), ("in part", "sport", 2), ("todavía no", "sport", 3), ("no practico", "sport", 4),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_choices(book: PhraseBook, text: str, question: str, choice: int | None) -> None:
    assert choice_in(text, question, book) == choice


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("it's about ben", "Ben", True), ("BEN", "Ben", True), ("the bench is hard", "Ben", False),
        ("will it work soon", "Will", False), ("how is Will doing", "Will", True), ("is jose ok", "José", True),
        ("Luz tiene sueño", "Luz", True), ("se fue la luz", "Luz", False),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_a_name_in_a_text(book: PhraseBook, text: str, name: str, named: bool) -> None:
    assert names_somebody(text, name, book) == named


@pytest.mark.parametrize(
    ("text", "answers_all"),
    [("no to all", True), ("pain 2, no to all, 80%", True), ("no, none of that", False), ("nada de eso", False)],
)
def test_none_of_those_answers_the_list_that_was_shown(
    book: PhraseBook, lexicon: Lexicon, text: str, answers_all: bool
) -> None:
    """Question B has not been shown yet when "none of that" answers question A."""
    finding = sort_reply(text, asked=Asked.RED_FLAGS_A, facts=PatientFacts(day=1), lexicon=lexicon)
    assert with_phrases(finding, text, Question.RED_FLAGS_A, book).answers_all is answers_all


def test_a_bare_number_that_answers_a_choice_is_no_pain_score(book: PhraseBook, lexicon: Lexicon) -> None:
    """A 7 in week 6 would page as a pain score; asked for PGIC it means something of its own."""
    facts = PatientFacts(day=42, baseline=4)
    finding = sort_reply("7", asked=Asked.NONE, facts=facts, lexicon=lexicon)
    heard = with_phrases(finding, "7", Question.PGIC, book)
    assert (heard.choice, heard.pain, heard.level) == (7, None, Level.NORMAL)


@pytest.mark.parametrize(
    "text",
    ["Bonjour, je ne parle pas anglais", "não estou bem, minha perna", "ich habe keine Schmerzen", "tôi bị đau lưng",
     "mwen gen doulè nan tèt", "hindi masakit ang likod ko"],
)  # by rows, not an item a line  # fmt: skip
def test_a_language_that_nobody_here_speaks_goes_to_a_person(book: PhraseBook, lexicon: Lexicon, text: str) -> None:
    finding = sort_reply(text, asked=Asked.NONE, facts=PatientFacts(day=1), lexicon=lexicon)
    heard = with_phrases(finding, text, None, book)
    assert heard.level.pages or heard.clarify is Clarify.LANGUAGE


def test_no_reply_of_the_corpus_is_taken_for_another_language_or_for_a_machine(book: PhraseBook) -> None:
    """English, Spanish, both at once, with typing errors and slang."""
    texts = [
        json.loads(line)["text"]
        for name in ("replies.jsonl", "probes.jsonl")
        for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()
    ]
    assert [text for text in texts if is_foreign(text, book)] == []
