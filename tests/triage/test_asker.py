"""The statistical ear asks about a quiet text, doubts a page, or says whether a symptom without a name pages; it does
nothing else (docs/triage.md, step 8)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.asker import BUCKETS, load_ear
from bot.content.network import load_network, save_network
from bot.content.reading import ContentError
from bot.triage.asker import Asker
from bot.triage.case import Case
from bot.triage.hearing import heard
from bot.triage.network import Network
from bot.triage.reading import read
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Level, PatientFacts

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "replies.jsonl"
CONFIG = Path(__file__).resolve().parents[2] / "config"
FACTS = PatientFacts(day=2, baseline=6)


def _ear(bias: float) -> Asker:
    """It says the same of every text."""
    return Asker(
        (0,) * BUCKETS,
        1.0,
        bias,
        doubt=0.4,
        doubt_alone=0.4,
        doubt_whole=0.0,
        doubt_grave=0.0,
        emergency_margin=0.1,
        ask=0.5,
        agree=0.9,
        agree_alone=0.9,
    )


EARS = {"soothed": _ear(-20.0), "wary": _ear(0.1), "alarmed": _ear(20.0)}
MAY = {
    "soothed": {"pages>unclear"},
    "wary": {"quiet>unclear"},
    "alarmed": {"quiet>unclear", "quiet>pages", "unclear>pages"},
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
        if moved.endswith(">pages"):
            assert {each.rule for each in after.evidence} & {"unexplained", "net", "unfinished"}, (
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
)  # by rows, not an item a line  # fmt: skip
def test_some_pages_are_never_doubted(text: str, lexicon: Lexicon) -> None:
    listening = replace(lexicon, asker=EARS["soothed"])
    assert sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening).level.pages


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ok", Asked.RED_FLAGS_A), ("I can't feel anything", Asked.ANY), ("what's the point", Asked.ANY),
        ("temp is 93.1", Asked.ANY), ("weak all over", Asked.ANY), ("kinda", Asked.RED_FLAGS_B),
    ],
)  # by rows, not an item a line  # fmt: skip
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
        "learnt_from: 1\nbias: 0.0\nscale: 1.0\ndoubt: 0.2\ndoubt_alone: 0.2\ndoubt_whole: 0.0\ndoubt_grave: 0.0\n"
        "emergency_margin: 0.1\nask: 0.3\n"
        "agree: 0.7\nagree_alone: 0.9\nnetwork_share: 0.4\n"
        f"weights: '{short}'\n",
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match="16 of 65536"):
        load_ear(tmp_path)


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


def test_a_long_text_in_which_no_rule_reads_anything_is_left_to_the_ear(lexicon: Lexicon) -> None:
    """Without an ear it is asked about, as a short one is with any."""
    text = "the ferry sails under a violet moon"
    levels = {
        name: sort_reply(text, asked=Asked.NONE, facts=FACTS, lexicon=replace(lexicon, asker=ear)).level
        for name, ear in {**EARS, "none": None}.items()
    }
    assert levels == {"soothed": Level.NORMAL, "wary": Level.UNCLEAR, "alarmed": Level.UNCLEAR, "none": Level.UNCLEAR}
    short = sort_reply("violet moon", asked=Asked.NONE, facts=FACTS, lexicon=replace(lexicon, asker=EARS["soothed"]))
    assert short.level is Level.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "the portal says my birthday is wrong",
        "deep heat or a hot water bottle tonight",
        "just quit the blue pills",
        "did you want both of my forms",
        "can't honestly say it has done owt",
    ],
)
def test_words_that_mean_little_by_themselves_are_left_to_it(text: str, lexicon: Lexicon) -> None:
    """Without an ear they are asked about."""
    bands = {
        name: band(sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=replace(lexicon, asker=ear)).level)
        for name, ear in {"soothed": EARS["soothed"], "wary": EARS["wary"], "none": None}.items()
    }
    assert bands == {"soothed": "quiet", "wary": "unclear", "none": "unclear"}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("something strange", Asked.ANY),
        ("it is hot", Asked.ANY),
        ("well there is something strange about it today", Asked.RED_FLAGS_A),
    ],
)
def test_but_not_in_a_short_text_nor_where_red_flags_were_asked_about(
    text: str, asked: Asked, lexicon: Lexicon
) -> None:
    listening = replace(lexicon, asker=EARS["soothed"])
    assert sort_reply(text, asked=asked, facts=FACTS, lexicon=listening).level.rank >= Level.UNCLEAR.rank


def test_it_doubts_no_short_text(lexicon: Lexicon) -> None:
    """Few words hold nothing that could make them harmless; a story may."""
    listening = replace(lexicon, asker=EARS["soothed"])
    short, long = "my leg is numb since monday", "my leg is numb since monday and that is all of my story"
    levels = [sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening).level for text in (short, long)]
    assert [level.pages for level in levels] == [True, False]
    assert levels[1] is Level.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "all fine here and good news all week but my foot is numb since monday morning",
        "I was at school the whole day and then I had a seizure in the big hall",
    ],
)
def test_it_has_to_be_surer_about_an_emergency_and_behind_a_but(text: str, lexicon: Lexicon) -> None:
    near, sure = (_ear(bias) for bias in (-0.6, -1.2))  # they say .35 and .23; the margin takes .1 from .4
    levels = [
        sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=replace(lexicon, asker=ear)).level
        for ear in (near, sure)
    ]
    assert [level.pages for level in levels] == [True, False]


def test_it_listens_to_what_stands_behind_a_but(lexicon: Lexicon) -> None:
    """However short the text is, and whatever was found before it."""
    listening = replace(lexicon, asker=EARS["wary"])
    levels = [
        sort_reply(text, asked=Asked.RED_FLAGS_A, facts=FACTS, lexicon=listening).level
        for text in ("nope to all of it", "nope to all but I dreamt in bed")
    ]
    assert levels == [Level.NORMAL, Level.UNCLEAR]


def test_the_network_hears_the_order_of_the_words() -> None:
    network = Network(load_network(CONFIG))
    said, turned = (network.logit(words.split(), (), ()) for words in ("she hit me", "me hit she"))
    assert said != turned
    assert network.logit(["leg"] * 500, [("leg", at, at + 1) for at in range(500)], ["long 3"]) != said, "any length"


@pytest.mark.parametrize("held", [None, b"no archive"])
def test_a_broken_network_is_refused_in_one_line(tmp_path: Path, held: bytes | None) -> None:
    if held is not None:
        (tmp_path / "network.npz").write_bytes(held)
    with pytest.raises(ContentError, match="run scripts/train_network"):
        load_network(tmp_path)


@pytest.mark.parametrize(
    "text", ["my leg is numb since monday and that is all of my story", "the ferry sails under a violet moon"]
)
def test_an_ear_that_hears_no_number_goes_to_a_person(text: str, lexicon: Lexicon) -> None:
    """It doubts no page and lets nothing pass."""
    deaf = replace(_ear(float("nan")), agree=1.0, agree_alone=1.0)
    level = sort_reply(text, asked=Asked.NONE, facts=FACTS, lexicon=replace(lexicon, asker=deaf)).level
    assert level.pages == ("numb" in text)
    assert level.rank >= Level.UNCLEAR.rank


def test_a_network_is_kept_as_it_was(tmp_path: Path) -> None:
    """In 127 steps and half precision, so it moves a little."""
    weights = load_network(CONFIG)
    save_network(tmp_path, weights)
    words = ["my", "leg", "is", "numb", "since", "monday"]
    kept, again = (Network(each).logit(words, (), ()) for each in (weights, load_network(tmp_path)))
    assert kept == pytest.approx(again, abs=0.05)
