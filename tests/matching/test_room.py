"""The room stands alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
import sommit.matching as room
known = room.Engine([room.Drink(1, "Chablis")]).propose(room.Label("CHABLIS"))
assert known.candidates[0].drink_id == 1
print(sorted({"flask", "sqlalchemy", "redis"} & sys.modules.keys()))
"""


def test_the_room_imports_without_flask_and_without_a_database():
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
