"""The screens. Each module here is one: HTTP in, one service call, commit, HTML out."""

from flask import Flask, g

from sommit.services import references


def register(app: Flask) -> None:
    """Plug every screen in, and what all their templates may ask for."""
    from sommit.blueprints import (
        account,
        auth,
        cellar_in,
        cellar_tidy,
        drink_entry,
        drink_links,
        drink_page,
        drink_stock,
        drinks,
        health,
        help,
        new_drink,
        sales,
        till,
        till_memory,
        till_sync,
    )

    modules = (
        account,
        auth,
        drink_entry,
        drink_links,
        drink_page,
        drink_stock,
        drinks,
        health,
        help,
        sales,
        till,
        till_memory,
        till_sync,
        cellar_in,
        new_drink,
        cellar_tidy,
    )
    for blueprint in dict.fromkeys(module.bp for module in modules):  # a large screen has several modules
        app.register_blueprint(blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["count_to_sync"] = _count_to_sync


def _count_to_sync() -> int:
    return references.count_to_sync(g.venue.id)
