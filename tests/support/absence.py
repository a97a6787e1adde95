"""What a test does when the machine lacks what it needs."""

import os
from typing import NoReturn

import pytest


def untested(what: str) -> NoReturn:
    """Skip, with a reason that pytest's summary repeats; where CI=true says that nothing may be missing, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"NOT TESTED: {what}")
    pytest.skip(f"NOT TESTED: {what}")
