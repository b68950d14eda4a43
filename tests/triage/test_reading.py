"""Tokens keep their place in the text as typed; repair brings back clinical words and leaves real ones alone."""

from __future__ import annotations

import pytest

from bot.triage.language import language_of
from bot.triage.patterns import Point, Span, add, parse
from bot.triage.reading import read
from bot.triage.sort import Lexicon
from bot.triage.spelling import sound_of
from bot.triage.text import fold, tokens_of, without_quoted_text
from bot.triage.walk import Page, State


def found(pattern: str, words: str) -> list[tuple[int, int]]:
    root = Point()
    for steps in parse(pattern):
        add(root, steps, "x")
    tokens = words.split()
    signs = [token in ",." for token in tokens]
    page = Page([(token,) for token in tokens], [token == "." for token in tokens], signs)
    return [(span.start, span.end) for span in page.find(State([root]))]


@pytest.mark.parametrize(
    ("pattern", "words", "spans"),
    [
        ("a b", "x a b", [(1, 3)]),
        ("a|b c", "b c", [(0, 2)]),
        ("a c~ b", "a b", [(0, 2)]),
        ("a .. b", "a x x x b", [(0, 5)]),
        ("a .. b", "a x x x x b", []),
        ("a .. b", "a . b", []),
        ("^ a", "x a", []),
        ("^ a", "x , a", [(2, 3)]),
        ("a $", "a b", []),
        ("a b|$", "c a", [(1, 2)]),
        ("a b|$", "a b c", [(0, 2)]),
        ("a b|$", "a c", []),
        ("a b+c|d", "a b c", [(0, 3)]),
        ("a b+c|d", "a d", [(0, 2)]),
        ("a _ b", "a x b", [(0, 3)]),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, words: str, spans: list[tuple[int, int]]) -> None:
    assert found(pattern, words) == spans


def test_patterns_that_share_words_are_walked_together_and_each_ends_for_itself() -> None:
    root = Point()
    for concept, pattern in {"x": "a|b c", "y": "b|d c e", "z": "b _", "w": "b .. e"}.items():
        for steps in parse(pattern):
            add(root, steps, concept)
    page = Page([("b",), ("c",), ("e",)], [False] * 3, [False] * 3)
    found = {(span.concept, span.start, span.end) for span in page.find(State([root]))}
    assert found == {("x", 0, 2), ("y", 0, 3), ("z", 0, 2), ("w", 0, 3)}


def test_a_pattern_may_build_on_concepts() -> None:
    root = Point()
    add(root, parse("no <feeling>")[0], "lost")
    page = Page([("no",), ("sense",)], [False, False], [False, False])
    page.put(Span("feeling", 1, 2))
    assert page.find(State([root])) == [Span("lost", 0, 2)]


def test_a_pattern_may_offer_a_concept_beside_words() -> None:
    root = Point()
    for steps in parse("no <feeling|sense>|touch+at all"):
        add(root, steps, "lost")
    page = Page([("no",), ("touch",), ("at",), ("all",)], [False] * 4, [False] * 4)
    page.put(Span("sense", 1, 3))
    assert page.find(State([root])) == [Span("lost", 0, 4)]


def test_a_noun_with_apostrophe_s_is_also_the_noun(lexicon: Lexicon) -> None:
    assert read("my head's fine", lexicon).of("head")


@pytest.mark.parametrize("text", ["Fièvre 38º", "can’t  feel\u200b it", "ÑANDÚ 🤒 100 .9", "ﬁne K", "İ"])
def test_tokens_index_the_text_as_typed(text: str) -> None:
    tokens = tokens_of(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [
        fold(text[token.start : token.end])[0].strip() for token in tokens if " " not in text[token.start : token.end]
    ]


def test_the_degree_sign_is_no_letter_and_apostrophes_vanish() -> None:
    assert [token.word for token in tokens_of("38º can’t")] == ["38", "°", "cant"]


def test_a_decimal_with_a_stray_space_is_one_number() -> None:
    assert [token.word for token in tokens_of("temp 100 .9")] == ["temp", "100.9"]


@pytest.mark.parametrize("text", ['Liked "Any fever?"', "Le gustó “¿Fiebre?”", 'Reacted 👍 to "Any chills?"'])
def test_the_quoted_part_of_a_tapback_is_blanked(text: str) -> None:
    spoken, tapback = without_quoted_text(text)
    assert tapback
    assert spoken.strip() == ""
    assert len(spoken) == len(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shiverig", "shivering"),
        ("adormesida", "adormecida"),
        ("tinglng", "tingling"),
        ("numbnes", "numbness"),
        ("feverrr", "fever"),
    ],
)
def test_mistyped_clinical_words_are_brought_back(typed: str, meant: str, lexicon: Lexicon) -> None:
    assert lexicon.speller.repaired(typed) == (meant,)


@pytest.mark.parametrize("word", ["never", "fewer", "hills", "dumb", "devil", "siempre", "fuente", "weekend", "spell"])
def test_real_words_are_left_alone(word: str, lexicon: Lexicon) -> None:
    assert lexicon.speller.repaired(word) == (word,)


def test_spanish_spelt_by_ear_sounds_the_same() -> None:
    assert sound_of("adormesida") == sound_of("adormecida")
    assert sound_of("ormigeo")[:4] == sound_of("hormigueo")[:4]
    assert sound_of("bejiga") == sound_of("vejiga")
    assert sound_of("cabesa") == sound_of("cabeza")


@pytest.mark.parametrize("text", ["numb. still", "numb... still", "numb! but", "numb?! but"])
def test_a_sentence_ends_once_however_it_is_marked(text: str, lexicon: Lexicon) -> None:
    assert max(read(text, lexicon).clause) == 1


@pytest.mark.parametrize(("text", "is_good"), [("está bien hinchado", False), ("está bien, nada hinchado", True)])
def test_very_before_a_symptom_is_no_good_news(text: str, is_good: bool, lexicon: Lexicon) -> None:
    assert bool(read(text, lexicon).of("clear")) is is_good


def test_an_exception_of_two_words_breaks_off_once(lexicon: Lexicon) -> None:
    assert max(read("nothing numb, well except my left foot", lexicon).clause) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("no fever but mi pierna derecha se me durmió desde anoche", "es"),
        ("my son has a fever", "en"),
        ("se me durmió que la leg", "es"),
        ("his leg is numb, desde ayer no la siente", "mix"),
    ],
)
def test_a_text_is_answered_in_its_own_language(text: str, language: str, lexicon: Lexicon) -> None:
    """Words of the other language that patterns need, "mi leg", do not count against its small words."""
    assert language_of(read(text, lexicon), lexicon) == language
