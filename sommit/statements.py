"""Statements that are built once in a process: to build one takes SQLAlchemy ten times as long as to send it."""

import inspect
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.sql import visitors
from sqlalchemy.types import NullType, TypeEngine

S = TypeVar("S", bound=Any)


def built_once(**types: TypeEngine[Any]) -> Callable[[Callable[..., S]], Callable[..., tuple[S, dict[str, Any]]]]:
    """Let a function that builds a statement from values build it once, from parameters of their names.

    It returns the statement with its values, as a session takes them: `db.session.execute(*_of_drink(venue_id, id))`.
    The values must not decide what is built, nor be None. `types` are those that no column in the statement tells.
    """

    def of(build: Callable[..., S]) -> Callable[..., tuple[S, dict[str, Any]]]:
        names = tuple(inspect.signature(build).parameters)

        @cache
        def statement() -> S:
            built = build(*(bindparam(name, type_=types.get(name)) for name in names))
            for part in visitors.iterate(built):
                if isinstance(part, BindParameter) and part.key in names and isinstance(part.type, NullType):
                    raise TypeError(f"{build.__qualname__}: say of which type {part.key} is")
            return built

        @wraps(build)
        def with_values(*values: Any) -> tuple[S, dict[str, Any]]:
            return statement(), dict(zip(names, values, strict=True))

        return with_values

    return of
