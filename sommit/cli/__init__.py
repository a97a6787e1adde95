"""The commands of `flask --app app`: each ends with 0, or says in one sentence on stderr why it did not."""

from flask import Flask

from sommit.cli import cellar, matching, people, processes, references, till


def init_app(app: Flask) -> None:
    """Register every command."""
    for module in (people, cellar, till, references, matching, processes):
        module.register(app)
