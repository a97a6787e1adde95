"""The demonstration's own login, printed when it starts."""

DEMO_EMAIL = "camille@zinc-capucins.example"
DEMO_PASSWORD = "le zinc ouvre à 17 h"  # noqa: S105 - it opens an invented bar on this machine
