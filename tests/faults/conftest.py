"""One durable server and one plant for every test of this folder: what one leaves behind must not trouble the next."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import in_memory
from tests.faults.plant import Plant, running_plant
from tests.faults.server import OwnServer, own_server


@pytest.fixture(scope="session")
def server() -> Iterator[OwnServer]:
    """A PostgreSQL that may be stopped."""
    with (
        tempfile.TemporaryDirectory(prefix="follow-up-faults-", dir=in_memory()) as folder,
        own_server(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def plant(server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """Two webs, two workers, short leases."""
    with running_plant(server.url, tmp_path_factory.mktemp("plant")) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(plant: Plant) -> None:
    """Each test begins with a provider that works."""
    plant.standin.faults.clear()
