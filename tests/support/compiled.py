"""Templates compiled once a process: applications that each compile their own spend a third of a test's time on it."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps what was compiled by the template's name, its file and its words: another version is compiled anew."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is kept; without it Jinja compiles."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what Jinja compiled."""
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code
