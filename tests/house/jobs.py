"""Jobs for a real worker to run."""

import os
import time
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import text

from sommit.extensions import db


def note(path: str) -> None:
    """Write who ran the job, and what the database answered to it."""
    answer = db.session.execute(text("SELECT 40 + 2")).scalar_one()
    _write(path, f"{os.getpid()} {current_app.name} {answer}")


def nap(path: str) -> None:
    """Write who runs the job, and do not end."""
    _write(path, str(os.getpid()))
    time.sleep(600)


def hold(path: str) -> None:
    """Write who runs the job, and end once somebody has made `path`.go."""
    _write(path, str(os.getpid()))
    while not Path(f"{path}.go").exists():
        time.sleep(0.02)


def called_back(job: Any, _connection: Any, _result: Any) -> None:
    """Leave a trace of having been called."""
    _write(f"{job.args[0]}.called-back", "yes")


def _write(path: str, text_: str) -> None:
    """Write a file that appears whole."""
    draft = Path(f"{path}.draft")
    draft.write_text(text_)
    draft.rename(path)
