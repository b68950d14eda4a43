"""Everything at once, for a short while; `make faults` runs it for a minute with four hundred patients."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from tests.faults.chaos import Chaos
from tests.faults.invariants import assert_all_hold
from tests.faults.plant import QUICK, running_plant

# The slowest answer is 3 s and the list lags by 3 s: every wait is longer than what it waits for, and no more.
QUICKLY = {
    **QUICK,
    "lease_s": 8,
    "start_within_s": 2,
    "absent_after_s": {"page": 2, "reply": 6, "check_in": 6},
    "breaker": {"failures": 8, "hold_s": 2},
}


def test_a_few_seconds_of_everything(database_url: str, tmp_path: Path) -> None:
    """The seed is printed, and FAULTS_SEED repeats it."""
    seed = int(os.environ.get("FAULTS_SEED") or Random().randrange(1_000_000))
    print(f"FAULTS_SEED={seed}")
    with running_plant(database_url, tmp_path, sending=QUICKLY) as plant:
        chaos = Chaos(plant, Random(seed), None, slow_s=(1.0, 3.0))
        chaos.run(8, 60)
        counts = assert_all_hold(plant, 100)
    assert counts.check_ins == 60
    assert chaos.done["worker killed"]
