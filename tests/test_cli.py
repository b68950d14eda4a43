"""The commands, as a person or a script meets them: exit codes, one clear line, nothing half done."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog
from click.testing import CliRunner

from bot.cli.main import main
from bot.storage.database import Database
from bot.storage.patients import count_patients
from tests.story import document, story_settings

ROOT = Path(__file__).resolve().parents[1]


class Done(NamedTuple):
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def bot(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `python -m bot ...` on this test's database, within this process: a bug is raised here."""
    settings = story_settings(database_url, "http://127.0.0.1:9", "http://127.0.0.1:8", tmp_path / "clock.json")
    environment = {name.upper(): str(value) for name, value in settings.items()}
    (tmp_path / "clock.json").write_text(
        json.dumps({"now": "2026-03-02T18:00:00+00:00", "wall": "2026-03-02T18:00:00+00:00", "rate": 0.0})
    )
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, given: str = "", **more: str) -> Done:
        done = CliRunner().invoke(main, arguments, input=given, env=environment | more)
        structlog.reset_defaults()  # its logs went to a standard error that is closed by now
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


AMY = document("Amy Stone", "+19135550111", "2026-03-02 09:30")


def test_enrolling_prints_ids_and_check_ins_and_doing_it_again_changes_nothing(bot: Any, database: Database) -> None:
    first = bot("enrol", "--json", "-", given=json.dumps(AMY))
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert [c["name"] for c in told["check_ins"]] == ["day_1", "day_5", "week_2", "week_4", "week_6", "week_12"]
    assert told["check_ins"][0]["at"] == "2026-03-03T16:00:00+00:00"
    again = bot("enrol", "--json", "-", given=json.dumps(AMY))
    assert again.returncode == 0
    assert json.loads(again.stdout)["procedure_id"] == told["procedure_id"]
    assert "nothing changed" in again.stderr
    with database.begin() as tx:
        assert count_patients(tx) == 1


def test_a_moved_procedure_moves_its_check_ins(bot: Any) -> None:
    """It lies ahead, so it is the same one at another time."""
    ahead = AMY | {"procedure": AMY["procedure"] | {"at": "2026-03-10T09:30:00-05:00"}}
    moved = AMY | {"procedure": AMY["procedure"] | {"at": "2026-03-12T09:30:00-05:00"}}
    first = json.loads(bot("enrol", "--json", "-", given=json.dumps(ahead)).stdout)
    second = json.loads(bot("enrol", "--json", "-", given=json.dumps(moved)).stdout)
    assert second["procedure_id"] == first["procedure_id"]
    assert second["check_ins"][0]["at"] == "2026-03-13T15:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "+1913555"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"born_on": "2026-02-30"}, "born_on"),
        ({"born_on": "2030-01-01"}, "born_on"),
        ({"procedure": {"protocol": "knee", "at": "2026-03-02T09:30:00-06:00"}}, "procedure.protocol"),
        ({"procedure": {"protocol": "pars_injection", "at": "2026-02-31T09:30:00-06:00"}}, "procedure.at"),
        ({"procedure": {"protocol": "pars_injection", "at": "2026-03-02T09:30:00"}}, "procedure.at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"language": "fr"}, "language"),
        ({"baseline_pain": 11}, "baseline_pain"),
        ({"texter": {"relation": "dog", "name": "Rex"}}, "texter.relation"),
        ({"nonsense": 1}, "nonsense"),
        ({"name": ""}, "name"),
        ({"consent": None}, "consent"),
    ],
)
def test_wrong_input_is_refused_in_one_line_that_names_the_field(
    bot: Any, database: Database, change: dict[str, Any], field: str
) -> None:
    """Exit 2, one line, nothing stored: also not the good one before it in a list."""
    good = document("Bea Ray", "+19135550112", "2026-03-02 09:30")
    for given, where in ((AMY | change, field), ([good, AMY | change], f"item 2: {field}")):
        refused = bot("enrol", "--json", "-", given=json.dumps(given))
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert refused.stderr.startswith(where), refused.stderr
        assert refused.stderr.count("\n") == 1
    with database.begin() as tx:
        assert count_patients(tx) == 0


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("enrol", "--json", "-"), "{", "not JSON"),
        (("enrol", "--json", "nowhere.json"), "", "nowhere.json"),
        (("rota", "set", "--json", "-"), '[{"username": "ghost", "tier": 1}]', "username"),
        (("staff", "add", "--json", "-"), '{"username": "Kim Lee"}', "username"),
        (("timeline", "--mrn", "nobody"), "", "--mrn"),
        (("triage",), "", "--jsonl"),
        (("triage", "--jsonl", "-"), '{"text": 3}', "text"),
        (("triage", "--jsonl", "-"), "nonsense", "line 1"),
    ],
)
def test_every_command_says_what_is_wrong(bot: Any, arguments: tuple[str, ...], given: str, said: str) -> None:
    refused = bot(*arguments, given=given)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_web_and_worker_refuse_the_embedded_database_with_a_real_provider(bot: Any) -> None:
    """Unset DATABASE_URL and Twilio's own address: one line, exit 2."""
    for command in ("web", "worker"):
        refused = bot(command, DATABASE_URL="", TWILIO_API_URL="")
        assert refused.returncode == 2
        assert refused.stderr.startswith("DATABASE_URL")


def test_a_database_that_is_away_is_said_in_one_line(bot: Any) -> None:
    refused = bot("timeline", "--mrn", "x", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert refused.returncode == 2
    assert refused.stderr.startswith("DATABASE_URL")
    assert refused.stderr.count("\n") == 1


def test_triage_answers_each_line_in_order_with_the_words_that_decided(bot: Any) -> None:
    lines: list[dict[str, Any]] = [
        {"id": 1, "text": "no", "context": {"day": 1, "asked": "red_flags_a", "baseline": 6}},
        {"id": "b", "text": "I can't feel\u2028my leg since the shot 🤒", "lang": "en"},
        {"text": "no puedo orinar", "context": {"asked": None}},
    ]
    given = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
    done = bot("triage", "--jsonl", "-", given=given)
    assert done.returncode == 0, done.stderr
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in out] == [1, "b", None]
    assert [line["page"] for line in out] == [False, True, True]
    assert set(out[0]) == {
        "id", "level", "page", "flags", "intents", "pain", "relief", "temperature_c", "language", "evidence",
    }  # by rows, not an item a line  # fmt: skip
    for line, told in zip(lines, out, strict=True):
        for evidence in told["evidence"]:
            assert str(line["text"])[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_triage_is_measured_on_a_corpus_and_replayed_with_another_config(bot: Any) -> None:
    corpus = str(ROOT / "tests" / "corpus" / "rounds" / "r01.jsonl")
    measured = bot("triage-eval", corpus, "--show")
    assert measured.returncode == 0, measured.stderr
    assert measured.stdout.splitlines()[1].startswith("all")
    replayed = bot("triage-replay", corpus, "--before", str(ROOT / "config"))
    assert replayed.stdout == "0 of 220 replies changed their level.\n"
    refused = bot("triage-eval", str(ROOT / "README.md"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_a_talk_in_the_terminal_reaches_a_page_and_ends_with_the_input(bot: Any) -> None:
    done = bot("simulate", given="no\nno\nI can't feel my groin\n/next\n/es\nno\n")
    assert done.returncode == 0, done.stderr
    assert "on-call is paged: emergency" in done.stdout
    assert "day_5" in done.stdout


def test_a_stranger_finishes_a_spanish_check_in_without_a_help_text(bot: Any) -> None:
    """One word chooses the language, the rest are answers; the clock moves, and each reply is explained."""
    done = bot(
        "simulate", given="español\nno\nno, nada\nun 3\nse me quitó el 80%\n\n+2h\n/en\nI can't feel my legs\n/quit\n"
    )
    assert done.returncode == 0, done.stderr
    for words in (
        "Usted es Sam Rivera",
        "control del dia 1",
        "es todo por el dia 1",
        "control del dia 5",
        "[check-in answered]",
        "flags: good_relief",
        "'80' -> relief",
        "it is Sat Mar 07, 12:00",
        "This may be an emergency",
        "on-call is paged: emergency",
        "flags: bilateral_leg",
    ):
        assert words in done.stdout, words


def test_check_content_prints_every_text_and_refuses_one_over_its_limit(bot: Any, tmp_path: Path) -> None:
    """Length, segments and grade in both languages; a copy of config/ with a bad text exits 2 and names it."""
    done = bot("check-content")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "en long seg grade" in lines[0]
    assert "es long seg grade" in lines[0]
    assert any(line.startswith("emergency_cauda ") for line in lines)
    assert any(line.startswith("question pain_now ") for line in lines)
    copied = tmp_path / "config"
    shutil.copytree(ROOT / "config", copied)
    messages = copied / "languages" / "es" / "messages.yaml"
    long = "De nada, de verdad. " * 20
    bad = messages.read_text(encoding="utf-8").replace('"De nada. Escriba', f'"{long}Escriba')
    messages.write_text(bad, encoding="utf-8")
    refused = bot("check-content", CONFIG_DIR=str(copied))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "normal_thanks" in refused.stderr


def test_the_demo_plays_the_whole_story_with_processes_of_its_own(tmp_path: Path) -> None:
    """Enrolment, day 1, the red flag, the page, the call, tier 2, ACK, the outcome, the timeline."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--script"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, timeout=240, check=False,
    )  # by rows, not an item a line  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    story = done.stdout
    parts = [
        "enrolled", "day_1", "Hi Dana, this is your day 1 check", "that is all for day 1", "your day 5 check",
        "Dana Lee: my son has a temp of 101.5 and chills", "URGENT patient reply", "minutes pass", "CALLS Nurse Kim",
        "-> Dr. Rivera: Parkview Spine: URGENT", "Dr. Rivera: ACK", "You have ref", "has seen your message",
        "outcome: office_today", "taken by rivera; office_today", "pattern",
    ]  # by rows, not an item a line  # fmt: skip
    places = [story.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert done.stderr == ""


SHEET = (
    "mrn,name,born_on,phone,procedure_at,consent_by,consent_method,consent_at,consent_wording\n"
    "C-1,Ann Stone,1999-05-01,913-555-0121,2026-03-02 09:30,patient,paper,2026-03-01 10:00,2026-01\n"
    "C-2,Ben Stone,1989-05-01,913-555-0122,2026-03-02 10:30,patient,paper,2026-03-01 10:00,2026-01\n"
)


def test_a_spreadsheet_enrols_all_of_its_rows_or_none(bot: Any, database: Database, tmp_path: Path) -> None:
    def patients() -> int:
        with database.begin() as tx:
            return count_patients(tx)

    (tmp_path / "sheet.csv").write_bytes(b"\xef\xbb\xbf" + SHEET.encode())
    looked = bot("enrol", "--csv", "sheet.csv", "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert [one["dry_run"] for one in json.loads(looked.stdout)] == [True, True]
    assert patients() == 0
    bad = SHEET.replace("913-555-0122", "nobody") + SHEET.splitlines()[1].replace("2026-03-02", "1998-03-02")
    refused = bot("enrol", "--csv", "-", given=bad)
    assert refused.returncode == 2
    assert [line.split(":")[:2] for line in refused.stderr.splitlines()] == [["row 3", " phone"]]
    late = bot("enrol", "--csv", "-", given=SHEET.replace("2026-03-02 10:30", "1998-03-02 10:30"))
    assert (late.returncode, late.stderr.splitlines()) == (2, ["row 3: procedure.at: is more than two years away"])
    assert patients() == 0
    done = bot("enrol", "--csv", "sheet.csv")
    assert len(json.loads(done.stdout)) == 2
    assert patients() == 2


def test_a_record_goes_out_in_three_formats_and_comes_in_again(bot: Any) -> None:
    bot("enrol", "--json", "-", given=json.dumps(AMY))
    record = json.loads(bot("export", "--mrn", "M-0111", "--format", "json").stdout)
    assert (record["mrn"], record["procedures"][0]["baseline_pain"]) == ("M-0111", 7)
    assert record["procedures"][0]["at"] == "2026-03-02T15:30:00+00:00"
    assert record["timelines"][0]["summary"]["pattern"] == "indeterminate"
    table = bot("export", "--mrn", "M-0111", "--format", "csv").stdout.splitlines()
    assert table[1].startswith("M-0111,2026-03-02T15:30:00+00:00,baseline,")
    bundle = bot("export", "--mrn", "M-0111", "--format", "fhir")
    assert json.loads(bundle.stdout)["resourceType"] == "Bundle"
    again = bot("enrol", "--fhir", "-", given=bundle.stdout)
    assert again.returncode == 0, again.stderr
    assert "nothing changed" in again.stderr
    elsewhere = bot("enrol", "--fhir", "-", "--dry-run", given=bundle.stdout.replace("M-0111", "M-0112"))
    assert json.loads(elsewhere.stdout)[0]["changed"] is True
    nobody = bot("export", "--mrn", "M-0112", "--format", "fhir")
    assert (nobody.returncode, nobody.stdout) == (2, "")


def test_enrolling_names_one_source(bot: Any) -> None:
    refused = bot("enrol", "--json", "-", "--csv", "-")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_doctor_says_what_is_red_and_exits_1(bot: Any) -> None:
    """No worker, no fallback number, no web address; JSON holds the same lines and nothing else."""
    told = bot("doctor")
    assert told.returncode == 1
    for words in ("✓ database", "✗ worker: none is alive", "✗ fallback", "✗ web", "✗ account", "! watchdog"):
        assert words in told.stdout, words
    lines = json.loads(bot("doctor", "--json").stdout)
    assert {line["colour"] for line in lines} == {"green", "yellow", "red"}
    broken = bot("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert broken.returncode == 1
    assert "✗ database: cannot be reached" in broken.stdout


def test_a_rota_of_rules_is_saved_with_its_warnings_or_refused(bot: Any) -> None:
    kim = {"username": "kim", "name": "Kim", "phone": "+19135550190", "role": "nurse", "password": "secret-secret"}
    assert bot("staff", "add", "--json", "-", given=json.dumps(kim)).returncode == 0
    turns = {"tier": 1, "usernames": ["kim"], "every": "day", "hand_over_at": "08:00", "from": "2026-03-01"}
    given = json.dumps({"rotations": [turns]})
    refused = bot("rota", "set", "--refuse-gaps", "--json", "-", given=given)
    assert refused.returncode == 2
    assert "tier 2 has nobody" in refused.stderr
    saved = bot("rota", "set", "--json", "-", given=given)
    assert saved.returncode == 0
    assert json.loads(saved.stdout)["rotations"][0]["usernames"] == ["kim"]
    assert "warning: tier 2 has nobody" in saved.stderr
    wrong = bot("rota", "set", "--json", "-", given=json.dumps({"rotations": [turns | {"every": "week"}]}))
    assert wrong.returncode == 2
    assert "weekday" in wrong.stderr


def test_a_test_page_that_cannot_leave_makes_the_command_fail(bot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.testing.SENT_WITHIN_S", 0.5)
    kim = {"username": "kim", "name": "Kim", "phone": "+19135550190", "role": "nurse", "password": "secret-secret"}
    bot("staff", "add", "--json", "-", given=json.dumps(kim))
    assert bot("page-test", "--username", "nobody").returncode == 2
    told = bot("page-test", "--channel", "text", "--wait", "0")
    assert told.returncode == 1
    assert "✗ kim text" in told.stdout
