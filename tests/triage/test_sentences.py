"""No company lowers what a sentence says by itself; what the law lets a second one take back stays taken back."""

from __future__ import annotations

import pytest

from bot.triage.reading import read
from bot.triage.sentences import runs_of
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Clarify, Finding, Level, PatientFacts

FACTS = PatientFacts(day=2, baseline=6)


def sorted_text(text: str, lexicon: Lexicon) -> Finding:
    return sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=lexicon)


def runs(text: str, lexicon: Lexicon) -> list[str]:
    return [text[start:end] for start, end in runs_of(read(text, lexicon))]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("no control of my bladder, pain is gone", Level.EMERGENCY),
        ("feels weird when I wipe since the shot, pain is gone", Level.EMERGENCY),
        ("desde la inyección no puedo hacer pipí, ya no me duele", Level.EMERGENCY),
        ("my leg feels weak since the shot, pain is gone", Level.URGENT),
        ("no energy and my leg is heavy since the shot, ya no me duele", Level.URGENT),
        ("no numbness except my toes y la espalda mucho mejor", Level.URGENT),
        ("I have a fever and my back is so much better", Level.URGENT),
        ("Back feels great, but I have a fever", Level.URGENT),
        ("fiebre y cuello tieso. nothing new", Level.EMERGENCY),
        ("se me durmió la entrepierna. No change, still numb since the shot", Level.EMERGENCY),
        ("I think I'm having a heart attack. When can I train again?", Level.EMERGENCY),
        ("9/10\nabout a 5, same as yesterday", Level.URGENT),
        ("can't keep doing this. nothing new", Level.UNCLEAR),
        ("asdf. I'm at a 2", Level.UNCLEAR),
        ("I'd say 60. Back feels great", Level.UNCLEAR),
    ],
)
def test_good_news_and_other_sentences_lower_nothing(text: str, level: Level, lexicon: Lexicon) -> None:
    finding = sorted_text(text, lexicon)
    assert finding.level is level
    assert all(text[each.start : each.end] == each.quote for each in finding.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "My husband has a fever. I'm fine.",
        "No feeling in my foot. That was before the shot",
        "my foot is numb. had it for years, no change",
        "oh the tingling?? ancient history",
        "What if I get a fever? Just asking",
    ],
)
def test_what_the_next_sentence_takes_back_by_the_law_does_not_page(text: str, lexicon: Lexicon) -> None:
    """Rules 3 to 6: it is old, over, imagined or somebody else's."""
    assert not sorted_text(text, lexicon).level.pages


@pytest.mark.parametrize("text", ["Yes. I'm fine", "sí, ando bien", "yes I'm fine"])
def test_a_yes_beside_good_news_is_asked_about_as_one_text(text: str, lexicon: Lexicon) -> None:
    """Rule 10."""
    finding = sort_reply(text, asked=Asked.RED_FLAGS_A, facts=FACTS, lexicon=lexicon)
    assert (finding.level, finding.clarify) == (Level.UNCLEAR, Clarify.SURE)


@pytest.mark.parametrize(
    "text",
    ["no pain, numbness or tingling", "Ya no siento dolor ni hormigueo, amanecí cantando", "no pain or numbness"],
)
def test_good_news_that_begins_a_denial_is_not_taken_from_it(text: str, lexicon: Lexicon) -> None:
    assert not sorted_text(text, lexicon).level.pages


def test_whose_it_was_is_no_good_news(lexicon: Lexicon) -> None:
    assert not sorted_text("dude on second shift passed out at dock 4, not me im good", lexicon).level.pages


def test_a_fever_whose_number_follows_is_asked_again(lexicon: Lexicon) -> None:
    """Rule 19."""
    finding = sorted_text("I think I have a fever. It says 98.9", lexicon)
    assert (finding.level, finding.clarify, finding.flag_word) == (Level.UNCLEAR, Clarify.TEMPERATURE, True)


def test_a_sentence_that_pages_in_company_brings_its_flags_and_words(lexicon: Lexicon) -> None:
    finding = sorted_text("did two loads of laundry, feeling human again. i fell down the stairs", lexicon)
    assert "new_injury" in finding.flags
    assert any("fell" in each.quote for each in finding.evidence)


def test_a_text_is_cut_into_sentences_runs_and_what_stands_beside_good_news(lexicon: Lexicon) -> None:
    assert runs("my toes are numb", lexicon) == []
    assert runs("I fell. It hurts!", lexicon) == ["I fell.", "It hurts!"]
    three = runs("I fell. It hurts! Call me", lexicon)
    assert three == ["I fell.", "It hurts!", "Call me", "I fell. It hurts!", "It hurts! Call me"]
    assert runs("si me da fiebre, ¿voy a urgencias?", lexicon) == []
    assert runs("my toes are numb, back feels great", lexicon) == ["my toes are numb"]
    assert runs("back feels great and my toes are numb", lexicon) == ["my toes are numb"]


def test_a_hostile_text_has_few_runs(lexicon: Lexicon) -> None:
    assert len(runs("ok. " * 400, lexicon)) < 50
