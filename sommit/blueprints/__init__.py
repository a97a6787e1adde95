"""The screens. Each module here is one: HTTP in, one service call, commit, HTML out."""

from importlib import import_module

from flask import Flask, g

from sommit.services import conversation, references

#: Modules that hold views; a large screen has several, on one blueprint.
SCREENS = (
    *("account", "auth", "health", "help", "support", "installable"),
    *("drinks", "drink_page", "drink_entry", "drink_links", "drink_stock"),
    *("cellar_in", "cellar_tidy", "new_drink", "house_servings"),
    *("till", "till_readings", "till_sync", "till_sync_many", "till_categories", "till_components"),
    *("till_memory", "till_undo", "sales"),
    *("key_questions", "news"),
)


def register(app: Flask) -> None:
    """Plug every screen in, and what all their templates may ask for."""
    modules = [import_module(f"sommit.blueprints.{name}") for name in SCREENS]
    for blueprint in dict.fromkeys(module.bp for module in modules):
        app.register_blueprint(blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["count_to_sync"] = _count_to_sync
    app.jinja_env.globals["unread_answers"] = _unread_answers


def _count_to_sync() -> int:
    return references.count_to_sync(g.venue.id)


def _unread_answers() -> int:
    return conversation.unread(g.venue.id)
