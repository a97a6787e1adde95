"""Somm'It: a night of till sales becomes stock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application; `config` replaces what the environment says (tests).

    Imported only here, so that `sommit.jalia` and `sommit.matching` come without Flask. Raises UnsafeSetting.
    """
    from sommit import factory

    return factory.create_app(config)
