"""What the forms of the list "à synchroniser" send, read with suspicion."""

from decimal import Decimal, InvalidOperation

from flask import abort, request

from sommit.blueprints.wording import COLOURS
from sommit.models.drink import CATEGORIES
from sommit.services import library, till_links

LARGEST_ID = 2**31 - 1
OTHER = "autre"  # the radio beside which something is typed
LONGEST = 1000
MOST_NUMBERS = 20
MOST_TICKED = 1000


def text(name: str) -> str:
    """Return a field on one line; what cannot be printed is no text."""
    typed = request.values.get(name, "")[:LONGEST]
    return " ".join("".join(c if c.isprintable() else " " for c in typed).split())


def number(name: str) -> int | None:
    """Return an id or a version, None where there is none or where it could be none."""
    typed = request.values.get(name, "")
    return int(typed) if _is_number(typed) else None


def numbers(name: str) -> tuple[int, ...]:
    """Return the ids of a field that may come several times, each once; what could be none is left out."""
    typed = request.values.getlist(name)[:MOST_NUMBERS]
    return tuple(dict.fromkeys(int(one) for one in typed if _is_number(one)))


def ticked() -> dict[int, int]:
    """Return the version that was shown of each row that is ticked, by its id; what could be none is left out."""
    pairs = (one.partition("-")[::2] for one in request.form.getlist("ref")[:MOST_TICKED])
    return {int(one): int(shown) for one, shown in pairs if _is_number(one) and _is_number(shown)}


def version() -> int:
    """Return the version of the row that was shown. A form of ours always has one."""
    shown = number("version")
    if shown is None:
        abort(400)
    return shown


def serving_ml() -> int:
    """Return what one sale takes, in millilitres: a choice, or centilitres typed beside it. Raises BadServing."""
    chosen = text("serving")
    ml = _ml(text("serving_cl")) if chosen == OTHER else number("serving")
    if ml is None or not 0 < ml <= till_links.MAX_SERVING_ML:
        raise till_links.BadServing()
    return ml


def volume_ml(name: str) -> int | None:
    """Return a volume in millilitres that was typed as centilitres, "12,5"; None where it is none."""
    return _ml(text(name))


def vintage() -> int | None:
    """Return the vintage chosen or typed; blank is a drink without one. Raises BadVintage."""
    typed = text("vintage_typed") if text("vintage") == OTHER else text("vintage")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise library.bad_vintage(typed[:20])
    return int(typed)


def entry() -> library.Entry:
    """Return the drink that the form describes. Raises BadVintage, BadVolume; the rest is the library's to check."""
    volume = _ml(text("volume_cl"))
    if volume is None:
        raise library.BadVolume()
    category, colour = text("category"), text("colour")
    return library.Entry(
        name=text("name"),
        producer=text("producer"),
        colour=colour if category == "wine" and colour in COLOURS else "",
        vintage=vintage(),
        volume_ml=volume,
        category=category if category in CATEGORIES else "other",
    )


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 11 and int(typed) <= LARGEST_ID


def _ml(centilitres: str) -> int | None:
    """Millilitres from what somebody types as centilitres, "12,5"; None where it is no volume."""
    try:
        ml = Decimal(centilitres.replace(",", ".").replace(" ", "")) * 10
    except InvalidOperation:
        return None
    return int(ml.to_integral_value()) if ml.is_finite() and 0 < ml < LARGEST_ID else None
