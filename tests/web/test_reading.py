"""Messages, protocol and flags, to read: by everybody who is signed in, and only to read."""

from __future__ import annotations

from html import unescape

import pytest

from bot.vocabulary import Level, Role
from tests.web.conftest import Console


def page(console: Console, path: str, username: str = "kim") -> str:
    return unescape(console.browser_of(username).opens(path).text)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_is_signed_in_may_read_and_nobody_may_change(console: Console, role: Role) -> None:
    console.employs("gray", role.value)
    browser = console.browser_of("gray")
    for path in ("/messages", "/protocol", "/flags"):
        answer = browser.opens(path)
        assert answer.status_code == 200
        assert "changed in <code>config/</code>" in answer.text
        assert 'method="post"' not in answer.text.split("</header>")[1]
        assert browser.posts(path).status_code == 405


def test_every_text_stands_beside_its_translation_with_what_it_costs(console: Console) -> None:
    shown = page(console, "/messages")
    for messages in console.runtime.content.messages.values():
        for words in (*messages.texts.values(), *messages.questions.values()):
            assert words in shown, words
    assert "English: 100 characters, 1 segment, GSM-7, reads at grade 0.4" in shown
    assert "after: Bladder or bowel change" in shown


def test_a_search_stands_in_the_address_and_says_when_nothing_fits(console: Console) -> None:
    shown = page(console, "/messages?q=caudal+xyzzy")
    assert "No text says that." in shown
    shown = page(console, "/messages?q=emergency_cauda&group=Red+flags&segments=1")
    assert "1 of 205" in shown
    assert 'value="emergency_cauda"' in shown
    assert "Poison Help" not in shown
    for odd in ("/messages?segments=x&group=none", "/messages?q=%00", "/flags?level=none", f"/flags?q={'x' * 500}"):
        assert console.browser_of("kim").opens(odd).status_code == 200, odd


def test_the_protocol_says_what_each_day_brings_and_what_silence_does(console: Console) -> None:
    shown = page(console, "/protocol")
    for words in (
        "3 days before",
        "Day 14, week 2",
        "at 15:30 for a minor",
        "asked again 4.5 hours later",
        "missed, and staff are asked to call",
        "only for those who answered DIARY",
        "IMMPACT",
    ):
        assert words in shown, words


def test_the_flags_stand_with_level_words_window_and_source(console: Console) -> None:
    shown = page(console, "/flags")
    for rule in console.runtime.content.red_flags.flags.values():
        assert rule.label in shown
    assert "hours to days (haematoma)" in shown
    assert "from day 6" in shown
    assert shown.index("Emergency</span> Bladder") < shown.index("Urgent</span>")
    urgent = page(console, "/flags?level=urgent")
    flags = console.runtime.content.red_flags.flags
    for rule in flags.values():
        assert (f"Urgent</span> {rule.label}" in urgent) == (rule.level is Level.URGENT), rule.label
    assert "No flag is called that." in page(console, "/flags?q=xyzzy")


def test_it_is_said_honestly_that_nobody_has_approved_it(console: Console) -> None:
    content = console.runtime.content
    for path in ("/messages", "/protocol", "/flags"):
        shown = page(console, path)
        assert "5 of 5 not approved yet" in shown
        assert shown.count("✗ nobody yet") == 5
        assert f"content version {content.version}" in shown
        assert (content.commit or "the commit of the program is not known here") in shown
