"""Nothing leaves config/ unnoticed: each concept, frame, guard, combination and question has an example that holds."""

from __future__ import annotations

import random

from bot.content.load import ClinicContent
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.triage.sort import Lexicon, compile_lexicon
from scripts.check_mutations import mutants
from tests.triage.examples import holds, read_examples

from .conftest import CONFIG

SAMPLE, SEED = 10, 3


def test_every_example_holds(lexicon: Lexicon) -> None:
    assert [f"{e.kind} {e.name}: {e.text}" for e in read_examples() if not holds(e, lexicon)] == []


def test_everything_has_an_example(content: ClinicContent) -> None:
    """`python scripts/write_examples.py` writes those that are missing."""
    have = {(e.kind, e.name) for e in read_examples()} | {(e.language, e.name) for e in read_examples()}
    rules = content.red_flags
    wanted = {("frame", f"{said}.{frame.name}") for said, frame in rules.frames()}
    wanted |= {("guard", f"{flag}.{guard}") for flag, rule in rules.flags.items() for guard in rule.guards}
    wanted |= {("combination", each.name) for each in rules.combinations}
    wanted |= {("question", concept) for each in rules.questions for concept in each.concepts}
    wanted |= {
        (str(code), name) for code, words in content.words.items() for name, said in words.concepts.items() if said
    }
    assert wanted - have == set()


def test_a_thing_less_in_config_breaks_an_example() -> None:
    """A sample, always the same one for the same config; scripts/check_mutations.py tries them all."""
    every = list(mutants(dict(load_words(CONFIG)), load_red_flags(CONFIG)))
    for name, words, rules in random.Random(SEED).sample(every, SAMPLE):
        mutant = compile_lexicon(words, rules)
        assert not all(holds(example, mutant) for example in read_examples()), f"nobody noticed: {name}"
