"""What staff text back, as tired thumbs write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import ClinicContent
from bot.planning.staff_reply import Bare, Names, Reply, ReplyWords, Unclear, WrongCode, read_reply

OPEN = {"K7M4", "A2B3"}


@pytest.fixture(scope="module")
def lists(content: ClinicContent) -> ReplyWords:
    reads = content.staff.reads
    return ReplyWords(frozenset(reads.acknowledge), frozenset(reads.agree), frozenset(reads.refuse))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("ACK K7M4", Names("K7M4")),
        ("ack k7m4", Names("K7M4")),
        ("  Ack: K7M4. ", Names("K7M4")),
        ("'ACK K7M4'", Names("K7M4")),
        ("“k7m4”", Names("K7M4")),
        ("K7M4", Names("K7M4")),
        ("ackk7m4", Names("K7M4")),
        ("ack k 7 m 4", Names("K7M4")),
        ("ACK-K7-M4", Names("K7M4")),
        ("ackk7m4 calling now", Names("K7M4")),
        ("k7m4 ack", Names("K7M4")),
        ("Acknowledged K7M4, calling now", Names("K7M4")),
        ("k7m4 on my way", Names("K7M4")),
        ("ack K7M4 and A2B3", Unclear()),
        ("I can't take K7M4", Unclear()),
        ("not K7M4", Unclear()),
        ("ACK", Bare(firm=True)),
        ("ack!", Bare(firm=True)),
        ("ok", Bare(firm=False)),
        ("OK.", Bare(firm=False)),
        ("yes", Bare(firm=False)),
        ("on my way", Bare(firm=False)),
        ("ACK Z9Z9", WrongCode()),
        ("z9z9", WrongCode()),
        ("ack now please", WrongCode()),
        ("who is this", Unclear()),
        ("ok but tell me first which of the two patients it is about", Unclear()),
        ("", Unclear()),
        ("👍", Unclear()),
    ],
)
def test_what_staff_mean(words: str, meant: Reply, lists: ReplyWords) -> None:
    assert read_reply(words, OPEN, lists) == meant


@given(st.text(max_size=60))
def test_no_text_takes_a_code_that_is_not_open(lists: ReplyWords, words: str) -> None:
    """Whatever is written, only an open code is named, and only where it stands in the text."""
    meant = read_reply(words, OPEN, lists)
    if isinstance(meant, Names):
        assert meant.code in OPEN
        assert set(meant.code.lower()) <= set(words.lower())
    assert not isinstance(read_reply(words, (), lists), Names)
