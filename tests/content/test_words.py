"""The words of each language load, join and name only concepts that red_flags.yaml declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.reading import ContentError
from bot.content.red_flags import load_red_flags
from bot.content.words import Particle, everyday_words, load_words
from bot.triage.sort import compile_lexicon
from bot.vocabulary import LanguageCode

CONFIG = Path(__file__).resolve().parents[2] / "config"


def written(folder: Path, language: str, name: str, text: str) -> None:
    path = folder / "languages" / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_both_languages_load_and_compile() -> None:
    words = load_words(CONFIG)
    assert set(words) == {"en", "es"}
    assert compile_lexicon(words, load_red_flags(CONFIG)).strata


def test_every_concept_that_a_frame_uses_has_words() -> None:
    red_flags = load_red_flags(CONFIG)
    said = {name for words in load_words(CONFIG).values() for name in words.concepts}
    used = {concept for _, frame in red_flags.frames() for part in frame.parts for concept in part}
    assert used <= said


def test_several_files_of_one_language_are_joined(tmp_path: Path) -> None:
    written(tmp_path, "en", "words.yaml", "language: en\nconcepts: {fever: [fever]}\n")
    written(tmp_path, "en", "words_more.yaml", "language: en\nconcepts: {fever: [febrile]}\n")
    assert load_words(tmp_path)[LanguageCode("en")].concepts == {"fever": ["fever", "febrile"]}


def test_a_language_in_the_wrong_folder_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "en", "words.yaml", "language: es\n")
    with pytest.raises(ContentError, match="stands in the folder en"):
        load_words(tmp_path)


def test_a_folder_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no words"):
        load_words(tmp_path)


def test_an_unknown_concept_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "en", "words.yaml", "language: en\nconcepts: {nonsense: [fever]}\n")
    with pytest.raises(ContentError, match="no concept nonsense"):
        compile_lexicon(load_words(tmp_path), load_red_flags(CONFIG))


def test_a_pattern_that_begins_with_a_gap_is_refused(tmp_path: Path) -> None:
    """It would begin anywhere: "size~ .. <coin>" is that by mistake."""
    written(tmp_path, "en", "words.yaml", "language: en\nconcepts: {fever: [hot~ .. head]}\n")
    with pytest.raises(ContentError, match="fever begins with a gap: put a word first"):
        compile_lexicon(load_words(tmp_path), load_red_flags(CONFIG))


def test_concepts_built_in_a_circle_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "en", "words.yaml", "language: en\nconcepts: {fever: [a <chills>], chills: [b <fever>]}\n")
    with pytest.raises(ContentError, match="built from itself"):
        compile_lexicon(load_words(tmp_path), load_red_flags(CONFIG))


@pytest.mark.parametrize("language", ["en", "es"])
def test_everyday_words_are_those_that_wordfreq_itself_gives(language: str) -> None:
    from wordfreq import top_n_list

    assert everyday_words(LanguageCode(language)) == frozenset(top_n_list(language, 20_000, wordlist="small"))


def test_a_language_without_a_list_is_refused_in_one_line() -> None:
    with pytest.raises(ContentError, match="make setup"):
        everyday_words(LanguageCode("tlh"))


def test_small_words_stand_in_the_words_of_their_language() -> None:
    """Every particle has a word somewhere: sorting never looks for one that no file names."""
    words = load_words(CONFIG)
    assert {each for each in Particle if not any(content.particles.get(each) for content in words.values())} == set()


def test_a_key_that_stands_twice_is_refused_as_the_first_would_be_lost(tmp_path: Path) -> None:
    written(
        tmp_path, "en", "words.yaml", "language: en\nconcepts:\n  fever: [fever]\n  chills: [chills]\n  fever: [hot]\n"
    )
    with pytest.raises(ContentError, match=r"words\.yaml.*fever stands twice"):
        load_words(tmp_path)
