"""*Une question ?*: how to reach the support team, and what is often asked (row J1 of the FAQ)."""

from flask import Blueprint, render_template

bp = Blueprint("help", __name__, url_prefix="/aide")


@bp.get("")
def index() -> str:
    """Show the addresses and the answers."""
    return render_template("help/index.html")
