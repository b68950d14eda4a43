"""The protocol's numbers: each with its source, in order, and the ones that the tests of the core write out."""

from __future__ import annotations

import pytest
import yaml

from bot.content.load import ClinicContent
from bot.content.protocols import Protocol
from bot.relief.timeline import Thresholds
from tests.conftest import ROOT
from tests.relief.limits import LIMITS


def test_the_file_holds_what_the_tests_of_the_core_assume(content: ClinicContent) -> None:
    assert Thresholds(**content.protocols["pars_injection"].thresholds.values) == LIMITS


def test_every_threshold_names_where_it_comes_from(content: ClinicContent) -> None:
    for name, source in content.protocols["pars_injection"].thresholds.sources.items():
        assert any(word in source for word in ("facts.md", "clinic page", "our own choice")), name


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [("strong", 40, "fall in this order"), ("equivocal", 0, "fall in this order"), ("steroid_to_day", 3, "must lie")],
)
def test_thresholds_out_of_order_are_refused(name: str, value: int, complaint: str) -> None:
    given = yaml.safe_load((ROOT / "config/protocols/pars_injection.yaml").read_text())
    given["thresholds"][name]["value"] = value
    with pytest.raises(ValueError, match=complaint):
        Protocol.model_validate(given, strict=False)
