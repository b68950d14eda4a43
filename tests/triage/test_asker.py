"""The statistical ear asks about a quiet text, doubts a page, or says whether a symptom without a name pages; it does
nothing else (docs/triage.md, step 8)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.asker import BUCKETS, load_asker
from bot.content.reading import ContentError
from bot.triage.asker import Asker
from bot.triage.case import Case
from bot.triage.listening import heard
from bot.triage.reading import read
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Level, PatientFacts

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "replies.jsonl"
FACTS = PatientFacts(day=2, baseline=6)
THRESHOLDS = {"doubt": 0.4, "doubt_alone": 0.4, "emergency_margin": 0.1, "ask": 0.5, "agree": 0.9, "agree_alone": 0.9}
EARS = {
    "soothed": Asker((0,) * BUCKETS, 1.0, -20.0, **THRESHOLDS),
    "wary": Asker((0,) * BUCKETS, 1.0, 0.1, **THRESHOLDS),
    "alarmed": Asker((0,) * BUCKETS, 1.0, 20.0, **THRESHOLDS),
}
MAY = {
    "soothed": {"pages>unclear"},
    "wary": {"quiet>unclear"},
    "alarmed": {"quiet>unclear", "unclear>pages"},
}


def band(level: Level) -> str:
    return "pages" if level.pages else "unclear" if level is Level.UNCLEAR else "quiet"


@pytest.mark.parametrize("ear", EARS)
def test_it_moves_a_text_by_its_own_rules_only(ear: str, lexicon: Lexicon) -> None:
    """Quiet becomes a question, a page becomes a question that pages unless it is answered, a symptom that a rule found
    and could not name pages; nothing else moves."""
    without, listening = replace(lexicon, asker=None), replace(lexicon, asker=EARS[ear])
    seen = set()
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[::3]:
        text = json.loads(line)["text"]
        before = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=without)
        after = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening)
        if after.level is before.level:
            assert after.flags == before.flags
            continue
        moved = f"{band(before.level)}>{band(after.level)}"
        seen.add(moved)
        assert after.evidence[-1].rule.startswith("asker"), text
        if moved == "pages>unclear":
            assert after.flag_word, "unanswered it pages"
        if moved == "unclear>pages":
            assert {each.rule for each in after.evidence} & {"unexplained", "net"}, (
                "a rule found it, in the patient's words"
            )
    assert seen == MAY[ear]


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself", "my dad hits me and I am afraid to go home", "took 20 of my pain pills at once",
        "it was 101.5 this morning", "my sugar is 420", "no numbness except my toes", "no fever but chills all night",
        "me quiero morir", "tengo 39.2", "ninguna fiebre pero sí escalofríos",
    ],
)  # fmt: skip
def test_some_pages_are_never_doubted(text: str, lexicon: Lexicon) -> None:
    listening = replace(lexicon, asker=EARS["soothed"])
    assert sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening).level.pages


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ok", Asked.RED_FLAGS_A), ("I can't feel anything", Asked.ANY), ("what's the point", Asked.ANY),
        ("temp is 93.1", Asked.ANY), ("weak all over", Asked.ANY), ("kinda", Asked.RED_FLAGS_B),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ear", EARS)
def test_the_questions_of_the_law_are_always_asked(text: str, asked: Asked, ear: str, lexicon: Lexicon) -> None:
    listening = replace(lexicon, asker=EARS[ear])
    assert sort_reply(text, asked=asked, facts=FACTS, lexicon=listening).level is Level.UNCLEAR


def test_what_it_asks_about_is_a_matter_for_office_hours_unless_a_rule_says_more(lexicon: Lexicon) -> None:
    """A hunch is no flag word: unanswered it becomes a work item, not a page."""
    listening = replace(lexicon, asker=EARS["wary"])
    text = "feeling good, we painted the fence blue and the gate green before lunch"
    finding = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening)
    assert (finding.level, finding.flag_word, finding.evidence[-1].rule) == (Level.UNCLEAR, False, "asker")


def test_a_broken_file_is_refused_in_one_line(tmp_path: Path) -> None:
    short = base64.b64encode(bytes(32)).decode()
    (tmp_path / "asker.yaml").write_text(
        "learnt_from: 1\nbias: 0.0\nscale: 1.0\ndoubt: 0.2\ndoubt_alone: 0.2\nemergency_margin: 0.1\nask: 0.3\n"
        "agree: 0.7\nagree_alone: 0.9\n"
        f"weights: '{short}'\n",
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match="16 of 65536"):
        load_asker(tmp_path)


@pytest.mark.parametrize("courtesy", ["thanks so much!", "👍", "ok thank you 😊", "gracias"])
def test_courtesy_never_calms_it(courtesy: str, lexicon: Lexicon) -> None:
    """Every reply that it asks about is still asked about when a thank-you stands behind it."""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        plain = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=lexicon)
        if plain.level is Level.UNCLEAR and plain.evidence and plain.evidence[-1].rule == "asker":
            polite = sort_reply(f"{text}. {courtesy}", asked=Asked.ANY, facts=FACTS, lexicon=lexicon)
            assert polite.level.rank >= Level.UNCLEAR.rank, text


def test_the_ear_hears_no_building_words(lexicon: Lexicon) -> None:
    """A class is only there to build scenes from: what was learnt before it was written sounds the same."""
    reading = read("i dropped the mug", lexicon)
    classes = {span.concept for span in reading.spans if reading.kinds[span.concept] == "class"}
    assert "held_thing" in classes
    told = heard(Case(reading, lexicon), asked=Asked.ANY).concepts
    assert not classes & {name for name, _, _ in told}


def test_a_symptom_that_no_frame_names_pages_if_it_sounds_like_a_red_flag(lexicon: Lexicon) -> None:
    """A rule found the place; without an ear, or with one that hears nothing, it is asked about."""
    text = "my left foot is flibbergy in every shoe I own"
    ears = {"alarmed": EARS["alarmed"], "soothed": EARS["soothed"], "none": None}
    levels = {
        name: sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=replace(lexicon, asker=ear)).level
        for name, ear in ears.items()
    }
    assert levels == {"alarmed": Level.URGENT, "soothed": Level.UNCLEAR, "none": Level.UNCLEAR}
