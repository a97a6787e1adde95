"""The room stands alone."""

import subprocess
import sys
from pathlib import Path

ROOM = Path(__file__).parents[2] / "sommit" / "matching"
CODE = """
import sys
import sommit.matching as room
known = room.Engine([room.Drink(1, "Chablis")]).propose(room.Label("CHABLIS"))
assert known.candidates[0].drink_id == 1
print(sorted({"flask", "sqlalchemy", "redis"} & sys.modules.keys()))
"""


def test_the_room_imports_without_flask_and_without_a_database(tmp_path):
    (tmp_path / "sommit").mkdir()
    (tmp_path / "sommit" / "matching").symlink_to(ROOM)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
