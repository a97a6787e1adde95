"""What the answers have taught: the drinks refused, the words learned, each of which can be taken back."""

from flask import Blueprint, render_template

from sommit.services import memory
from sommit.session import current_venue

bp = Blueprint("till_memory", __name__, url_prefix="/boissons/a-synchroniser/memoire")


@bp.get("")
def index() -> str:
    """Show all that is remembered, the latest first."""
    return render_template("till_memory/index.html", taught=memory.taught(current_venue.id))
