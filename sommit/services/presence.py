"""Whether a reader of this machine is still there, by a file that it holds locked.

The system drops the lock with the process, however it ended, so nobody waits for a lease whose holder was killed.
Readers of other machines, or whose disk takes no file, are gone when their lease is over.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from flask import current_app

from sommit.extensions import db


@contextmanager
def shown(night_id: int, fence: int) -> Iterator[None]:
    """Be seen as the holder of a lease while the block runs; to be entered before the lease is committed.

    Where the block is left by an exception, the file stays: a lease that could not be given back is then seen as that
    of somebody who is gone. The night's next reader takes it away.
    """
    path = _path(night_id, fence)
    with ExitStack() as stack:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            for former in path.parent.glob(f"{path.name.rpartition('-')[0]}-*"):
                former.unlink(missing_ok=True)
            _lock(stack.enter_context(path.open("w")))
        yield
        with suppress(OSError):
            path.unlink(missing_ok=True)


def gone(night_id: int, fence: int) -> bool:
    """Return whether the holder of a lease was a process of this machine and has ended."""
    path = _path(night_id, fence)
    try:
        with path.open() as file:
            _lock(file)
            path.unlink(missing_ok=True)
    except OSError:  # no such file: somebody else's reader; or locked: it is at work
        return False
    return True


def _lock(file: IO[str]) -> None:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _path(night_id: int, fence: int) -> Path:
    """A name for one lease of one database: several may be served from the same folder."""
    database = hashlib.sha256(str(db.engine.url).encode()).hexdigest()[:16]
    return Path(current_app.instance_path) / "readers" / f"{database}-{night_id}-{fence}"
