"""config/red_flags.yaml holds every flag of triage.md at its level, and refuses what does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.content.reading import read_yaml
from bot.content.red_flags import RedFlags, load_red_flags
from bot.vocabulary import Flag, Level

CONFIG = Path(__file__).resolve().parents[2] / "config"
BY_LEVEL = {
    Level.EMERGENCY: """bladder_bowel saddle_numbness severe_weakness bilateral_leg anaphylaxis breathing_trouble
        chest_pain_or_collapse stroke_vision meningitis_sepsis self_harm overdose sugar_crisis gi_bleed""",
    Level.URGENT: """fever chills infection_signs new_numbness new_weakness worsening_pain severe_headache
        allergic_reaction bleeding very_high_sugar near_faint psych_reaction new_injury ed_visit safety_concern""",
    Level.ROUTINE: """persistent_soreness steroid_effect relief_ended medication_question activity_question
        appointment_request call_request photo preop_issue other_symptom distress""",
    Level.NORMAL: "expected_soreness bruising good_relief no_symptoms courtesy",
}


def test_every_flag_of_the_law_is_there_at_its_level() -> None:
    levels = {flag: rule.level for flag, rule in load_red_flags(CONFIG).flags.items()}
    assert levels == {flag: level for level, names in BY_LEVEL.items() for flag in names.split()}


def test_paging_flags_say_what_the_patient_is_told_and_when_it_starts() -> None:
    for flag, rule in load_red_flags(CONFIG).flags.items():
        if rule.level.pages:
            assert rule.window, flag
            assert rule.told.startswith(rule.level.value), flag


def test_no_hypothetical_and_no_other_person_lowers_self_harm() -> None:
    assert load_red_flags(CONFIG).flags[Flag("self_harm")].guards == ["negated"]


def test_the_fever_threshold_is_the_law() -> None:
    temperature = load_red_flags(CONFIG).thresholds.temperature
    assert (temperature.fever_c, temperature.near_fever_c, temperature.masked_c) == (38.0, 37.5, 37.2)


def test_a_frame_over_an_unknown_concept_is_refused() -> None:
    raw = read_yaml(CONFIG / "red_flags.yaml")
    raw["flags"]["fever"]["frames"] = [{"name": "x", "all": ["nonsense"]}]
    with pytest.raises(ValidationError, match="no concept nonsense"):
        RedFlags.model_validate(raw, strict=False)


def test_a_combination_of_unknown_flags_is_refused() -> None:
    raw = read_yaml(CONFIG / "red_flags.yaml")
    raw["combinations"][0]["all"] = [["fever"], ["nonsense"]]
    with pytest.raises(ValidationError, match="no flag or sign nonsense"):
        RedFlags.model_validate(raw, strict=False)
