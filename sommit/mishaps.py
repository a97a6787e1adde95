"""What an error of the database means: broken off for another writer's sake, away, or without room on its disk."""

import sqlite3
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

BROKEN_OFF: Final = psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure
LOCKED: Final = "database is locked"  # SQLite's words: another writer held it longer than our patience
FULL: Final = "database or disk is full"  # SQLite's too


def broken_off(error: DBAPIError) -> bool:
    """Return whether Postgres broke a transaction off so that another one could go on: nothing of it is there."""
    return isinstance(error.orig, BROKEN_OFF)


def kept_waiting(error: DBAPIError) -> bool:
    """Return whether another writer held what was wanted for longer than our patience; nothing was written."""
    return isinstance(error.orig, psycopg.errors.LockNotAvailable) or LOCKED in str(error.orig)


def no_room(error: DBAPIError) -> bool:
    """Return whether the database's disk is full; nothing of the transaction is there."""
    return isinstance(error.orig, psycopg.errors.DiskFull) or FULL in str(error.orig)


def away(error: DBAPIError) -> bool:
    """Return whether the connection was lost, or none is to be had; whether a commit got through is unknown."""
    if undone(error) or no_room(error) or isinstance(error.orig, sqlite3.Error):
        return False
    return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)


def undone(error: DBAPIError) -> bool:
    """Return whether a transaction was broken off, or never got its turn: nothing of it is there, for certain."""
    return broken_off(error) or kept_waiting(error)


def passing(error: DBAPIError) -> bool:
    """Return whether the same transaction may get through in a moment."""
    return undone(error) or away(error)
