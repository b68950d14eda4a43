"""The statistical ear may turn normal or routine into a question; it never pages and never lowers."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.asker import BUCKETS, load_asker
from bot.content.reading import ContentError
from bot.triage.asker import Asker
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Level, PatientFacts

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "replies.jsonl"
FACTS = PatientFacts(day=2, baseline=6)
EARS = {
    "deaf": Asker(bytes([128]) * BUCKETS, 1.0, -20.0, 0.5),
    "alarmed": Asker(bytes([255]) * BUCKETS, 1.0, 20.0, 0.5),
}


@pytest.mark.parametrize("ear", EARS)
def test_whatever_it_hears_it_only_turns_quiet_into_a_question(ear: str, lexicon: Lexicon) -> None:
    without, listening = replace(lexicon, asker=None), replace(lexicon, asker=EARS[ear])
    asked_more = 0
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[::7]:
        text = json.loads(line)["text"]
        before = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=without)
        after = sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=listening)
        assert after.flags == before.flags
        if after.level is not before.level:
            assert (before.level.rank < Level.UNCLEAR.rank, after.level) == (True, Level.UNCLEAR), text
            asked_more += 1
    assert (asked_more > 0) is (ear == "alarmed")


def test_what_it_asks_about_is_a_matter_for_office_hours_unless_a_rule_says_more(lexicon: Lexicon) -> None:
    """A hunch is no flag word: unanswered it becomes a work item, not a page."""
    listening = replace(lexicon, asker=EARS["alarmed"])
    finding = sort_reply("feeling good, we painted the fence blue", asked=Asked.ANY, facts=FACTS, lexicon=listening)
    assert (finding.level, finding.flag_word, finding.evidence[-1].rule) == (Level.UNCLEAR, False, "asker")


def test_a_broken_file_is_refused_in_one_line(tmp_path: Path) -> None:
    short = base64.b85encode(bytes(16)).decode()
    (tmp_path / "asker.yaml").write_text(
        f"learnt_from: 1\nbias: 0.0\nscale: 1.0\nthreshold: 0.5\nweights: '{short}'\n", encoding="utf-8"
    )
    with pytest.raises(ContentError, match="16 of 32768"):
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
