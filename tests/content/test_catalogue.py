"""What people read about the content: no text, day or file is left out, and the figures are those of check-content."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.content.catalogue import OTHER, Entry, Wanted, list_approvals, list_entries
from bot.content.commit import find_commit
from bot.content.consent import Consents
from bot.content.lint import measure
from bot.content.load import ClinicContent
from bot.content.messages import segments
from bot.content.protocols import Review
from bot.content.strip import strip_of


@pytest.fixture(scope="module")
def entries(content: ClinicContent) -> dict[str, Entry]:
    return {entry.key: entry for entry in list_entries(content)}


def test_every_text_stands_there_once_in_every_language(content: ClinicContent, entries: dict[str, Entry]) -> None:
    for code, messages in content.messages.items():
        for key, words in messages.texts.items():
            assert [one.words for one in entries[key].said if one.language == code] == [words], key
        for key, words in messages.questions.items():
            assert [one.words for one in entries[f"question {key}"].said if one.language == code] == [words], key
    for key, words in content.staff.texts.items():
        assert entries[f"staff {key}"].said[0].words == words
    assert len(list_entries(content)) == len(entries)


def test_no_text_is_without_an_occasion(entries: dict[str, Entry]) -> None:
    assert [key for key, entry in entries.items() if entry.group == OTHER] == []


def test_the_figures_are_those_of_check_content(content: ClinicContent, entries: dict[str, Entry]) -> None:
    for one in measure(content):
        (said,) = [said for said in entries[one.key].said if said.language == one.language]
        assert (said.length, said.segments, said.grade) == (one.length, one.segments, one.grade), one.key
        assert segments(one.sent) == one.segments


def test_a_text_is_found_by_words_of_any_language_by_its_name_and_by_what_brings_it_about(
    entries: dict[str, Entry],
) -> None:
    def found(**wanted: Any) -> set[str]:
        return {key for key, entry in entries.items() if Wanted(**wanted).takes(entry)}

    for words in ("Numb groin", "nearest ER now", "emergencia inyección"):
        assert "emergency_cauda" in found(words=words), words
    assert found(words="EMERGENCY_cauda") == {"emergency_cauda"}
    assert found(segments=2) == {key for key, entry in entries.items() if entry.segments >= 2}
    assert found(group="Good news") == {key for key in entries if key.startswith("normal_")}
    assert found(words="xyzzy") == set()


def test_the_strip_holds_everything_that_a_protocol_sends(content: ClinicContent) -> None:
    protocol = content.protocols["pars_injection"]
    days = strip_of(content, protocol)
    assert [day.number for day in days] == [-3, -2, -1, 0, 1, 5, 14, 28, 42, 84]
    assert {sent.name for day in days for sent in day.sent} == set(protocol.asked_by())
    day_1 = next(day for day in days if day.number == 1).sent[0]
    assert day_1.times[0] == "at 10:00 on the patient’s clock"
    assert day_1.silence == (
        "asked again 4.5 hours later",
        "asked again the next day at 16:30",
        "48 hours after the text without an answer: missed, and staff are asked to call",
    )
    before = days[0].sent[0]
    assert "work list" not in " ".join(before.times)


def test_approvals_name_every_file_and_say_who(content: ClinicContent) -> None:
    assert {one.file for one in list_approvals(content)} == {
        "protocols/pars_injection.yaml",
        "red_flags.yaml",
        "languages/en/messages.yaml",
        "languages/es/messages.yaml",
        "consent.yaml",
    }
    signed = Review(by="Dr. Rivera", date=date(2026, 2, 1))
    flags = content.red_flags.model_copy(update={"reviewed": signed})
    approved = [one for one in list_approvals(replace(content, red_flags=flags)) if one.review.by]
    assert [(one.file, one.review.by) for one in approved] == [("red_flags.yaml", "Dr. Rivera")]


def test_a_consent_names_a_wording_that_is_there(content: ClinicContent) -> None:
    with pytest.raises(ValueError, match="there is no wording '1999-01'"):
        Consents.model_validate(content.consent.model_dump() | {"current": "1999-01"})
    shown = content.consent.shown("2026-01", "Parkview Spine", "913-555-0142")
    assert set(shown) == set(content.messages)
    for words in shown.values():
        for part in ("Parkview Spine", "913-555-0142", "STOP", "HELP", "911"):
            assert part in words, part


def test_the_commit_is_read_from_branch_packed_list_and_worktree(tmp_path: Path) -> None:
    digits = "0123456789abcdef0123456789abcdef01234567"
    config, git = tmp_path / "tree" / "config", tmp_path / "tree" / ".git"
    config.mkdir(parents=True)
    assert find_commit(config) is None or find_commit(tmp_path) == find_commit(config)
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads" / "main").write_text(f"{digits}\n")
    assert find_commit(config) == digits[:12]
    (git / "refs" / "heads" / "main").unlink()
    assert find_commit(config) is None
    (git / "packed-refs").write_text(f"# pack-refs\n{digits} refs/heads/main\n")
    assert find_commit(config) == digits[:12]
    own = git / "worktrees" / "other"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "commondir").write_text("../..\n")
    other = tmp_path / "other"
    shutil.copytree(config, other / "config")
    (other / ".git").write_text(f"gitdir: {own}\n")
    assert find_commit(other / "config") == digits[:12]
    (git / "HEAD").write_text("not a commit\n")
    assert find_commit(config) is None
