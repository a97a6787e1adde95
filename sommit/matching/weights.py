"""The engine's numbers, read once from `weights.toml`."""

import tomllib
from pathlib import Path

_FILE = Path(__file__).with_name("weights.toml")
_ALL: dict[str, dict[str, float]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))

WORDS = _ALL["words"]
FIELDS = _ALL["fields"]
SUGGEST = _ALL["suggest"]
FITS = _ALL["fits"]
