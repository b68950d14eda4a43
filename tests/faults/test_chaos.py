"""Everything at once, for a short while; `make faults` runs it for a minute with four hundred patients."""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.faults.chaos import Chaos
from tests.faults.invariants import assert_all_hold
from tests.faults.plant import Plant
from tests.faults.server import OwnServer

pytestmark = pytest.mark.xdist_group("faults")  # one plant for all of them


def test_a_few_seconds_of_everything(plant: Plant, server: OwnServer) -> None:
    """`make faults` draws its seed, this one is given. Answers are late by less than the short lease, lists too."""
    seed = int(os.environ.get("FAULTS_SEED") or 687_265)
    print(f"FAULTS_SEED={seed}")
    before = assert_all_hold(plant, 60)
    chaos = Chaos(plant, Random(seed), server, plant.enrols(50), slow_s=(0.5, 1.0), lag_s=(0.0, 0.5))
    chaos.run(8)
    counts = assert_all_hold(plant, 100)
    assert counts.check_ins == before.check_ins + 50
    assert chaos.done["worker killed"]
