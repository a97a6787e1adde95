"""The house of the measures that take minutes."""

import pytest

from tests.faults.long import house as houses


@pytest.fixture
def house(app, server, tmp_path, database_url):
    """A Valkey and a scheduler, as processes; workers and venues come as they are asked for."""
    with houses.house(app, server, tmp_path, database_url) as opened:
        yield opened
