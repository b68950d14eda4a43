"""The house's own rules: sizes, docstrings, settings, texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.content.load import ClinicContent
from bot.content.messages import fold_for_sms, segments
from bot.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "bot").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_short_and_says_in_one_sentence_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(source)), "no docstring"


def test_every_setting_is_explained_and_every_explanation_is_a_setting() -> None:
    explained = set(re.findall(r"^([A-Z_]+)=", (ROOT / "config" / "example.env").read_text(encoding="utf-8"), re.M))
    assert explained == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "DATABASE_URL"),
        ({"database_url": "postgres://x/y", "bot_clock_file": "/tmp/c"}, "BOT_CLOCK_FILE"),
        ({"database_url": "postgres://x/y"}, "BOT_KEYS"),
        ({"database_url": "postgres://x/y", "bot_keys": "k:x"}, "TWILIO_AUTH_TOKEN"),
        ({"database_url": "postgres://x/y", "bot_keys": "k:x", "twilio_auth_token": "t", "public_url": "http://a.org"},
         "PUBLIC_URL"),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_a_mixture_that_could_harm_real_patients_is_refused(given: dict[str, str], named: str) -> None:
    settings = Settings.model_validate(given)
    with pytest.raises(SettingsError, match=named):
        settings.require_safe()
    Settings.model_validate(given | {"twilio_api_url": "http://127.0.0.1:1"}).require_safe()


def test_folding_leaves_nothing_that_costs_double(content: ClinicContent) -> None:
    for messages in content.messages.values():
        for key, words in (messages.texts | messages.questions).items():
            assert segments("a" * 80 + re.sub(r"\{.*?\}", "", fold_for_sms(words))[:10]) == 1, key


def test_spanish_says_everything_that_english_says(content: ClinicContent) -> None:
    english, spanish = (content.messages[code] for code in sorted(content.messages))
    assert set(english.texts) == set(spanish.texts)
    assert set(english.questions) == set(spanish.questions)
