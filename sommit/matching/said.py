"""What a label says about how much is sold: "VRE", "PICHET 25", "1/2 BTL", "12,5CL"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sommit.matching.lexicon import table
from sommit.matching.text import Token, words

_VOLUME = re.compile(r"(\d{1,4}(?:\.\d+)?)(cl|ml|l|lt)")
_VOLUME_REVERSED = re.compile(r"cl(\d{1,3}(?:\.\d+)?)")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")
_ML = {"ml": 1.0, "cl": 10.0, "l": 1000.0, "lt": 1000.0, "litre": 1000.0, "litres": 1000.0}
_LITRES = ("0.5", "0.75", "1", "1.5", "1.75", "2", "3", "5")  # "EVIAN 1 L", but not "14 L ARTISTE"
_CARAFE_CL = ("25", "37", "46", "50", "75", "100")  # "PICHET 25", "PRESS 50"
_GLASS_CL = ("10", "12", "14", "15", "16", "18", "20", "25")  # "VERRE 14 CHINON"
_BOTTLE_CL = ("33", "37.5")  # "COCA 33": no vintage, no other number of a label
_FORMAT_CL = ("20", "25", "33", "37", "37.5", "44", "50", "66", "75", "100")  # "EAU PLATE 50"
_WITHOUT_VINTAGE = ("beer", "cider", "soft")
_VOWELS = ("a", "e", "i", "o", "u", "y", "h")
_LARGEST_ML = 30_000
_ROUNDED = {370: 375, 380: 375}  # a half bottle written in whole centilitres

Millilitres = int | Literal["format"]


@dataclass(frozen=True, slots=True)
class Said:
    """The words' kind of serving ("" when only a volume is written) and the volume, if written, in ml."""

    kind: str
    ml: int | None
    usual_ml: Mapping[str, Millilitres]  # by kind of drink, "any" for the others


@dataclass(frozen=True, slots=True)
class _Wording:
    words: tuple[str, ...]
    kind: str
    where: str
    usual_ml: Mapping[str, Millilitres]


def take_serving(label: list[Token], kind: str) -> tuple[Said | None, list[Token], list[Token]]:
    """The serving that a label names, the words left, and the words that said it.

    `kind` is the kind of drink, or "" when it is not known: a beer has no vintage, so that its "33" is a volume.
    """
    ml, left, taken = _take_volume(label)
    wording, at = _find_wording(left)
    if wording is not None:
        size = len(wording.words)
        taken = taken + left[at : at + size]
        left = left[:at] + left[at + size :]
        again, place = _find_wording(left)  # "BTL ... 75CL BT": said twice, the first one counts
        if again is not None and again.kind == wording.kind:
            taken, left = taken + left[place : place + len(again.words)], _without(left, place, len(again.words))
        ml, left = _bare_number(wording, at, left, ml)
    if ml is None and len(left) > 1 and left[-1].text in _centilitres(kind, wording):
        ml, left = _ml_of(left[-1].text), left[:-1]
    if wording is None and ml is None:
        return None, left, taken
    return Said(wording.kind if wording else "", ml, wording.usual_ml if wording else {}), left, taken


def _centilitres(kind: str, wording: _Wording | None) -> tuple[str, ...]:
    """The numbers that are a volume at the end of a label, though no unit follows."""
    if kind in _WITHOUT_VINTAGE:
        return _FORMAT_CL
    return _BOTTLE_CL if wording is None or wording.kind != "bottle" else (*_BOTTLE_CL, "75")


def _ml_of(centilitres: str) -> int:
    ml = round(float(centilitres) * 10)
    return _ROUNDED.get(ml, ml)


def take_asides(label: list[Token]) -> tuple[list[Token], list[Token]]:
    """The words left, and those about the price or the moment: "HH", "PROMO"."""
    asides = _asides()
    return [t for t in label if t.text not in asides], [t for t in label if t.text in asides]


def _take_volume(label: list[Token]) -> tuple[int | None, list[Token], list[Token]]:
    for place in range(len(label) - 1, -1, -1):
        ml, size = _volume_at(label, place)
        if ml is not None and 0 < ml <= _LARGEST_ML:
            return _ROUNDED.get(ml, ml), _without(label, place, size), []
    return None, label, []


def _volume_at(label: list[Token], place: int) -> tuple[int | None, int]:
    """The volume written at a place, in ml, and the number of words that it takes."""
    text = label[place].text
    if match := _VOLUME.fullmatch(text):
        return round(float(match[1]) * _ML[match[2]]), 1
    if match := _VOLUME_REVERSED.fullmatch(text):
        return round(float(match[1]) * 10), 1
    following = label[place + 1].text if place + 1 < len(label) else ""
    if following not in _ML or not _NUMBER.fullmatch(text) or label[place + 1].after_apostrophe:
        return None, 0
    if following in ("cl", "ml") or (text in _LITRES and place + 2 == len(label)):
        return round(float(text) * _ML[following]), 2
    return None, 0


def _find_wording(label: list[Token]) -> tuple[_Wording | None, int]:
    """The longest wording found, and its place."""
    by_first = _wordings()
    for place, token in enumerate(label):
        for wording in by_first.get(token.text, ()):
            size = len(wording.words)
            if tuple(t.text for t in label[place : place + size]) == wording.words and _believed(
                wording.where, place, size, label
            ):
                return wording, place
    return None, 0


def _believed(where: str, place: int, size: int, label: list[Token]) -> bool:
    if len(label) == size and where != "anywhere":
        return False
    following = label[place + size].text if place + size < len(label) else ""
    if label[place + size - 1].text == "l" and following.startswith(_VOWELS):  # "1/2 L ESPRIT" is no half litre
        return False
    at_start, at_end = place == 0, place + size == len(label)
    if where == "start":
        return at_start
    if label[0].text == "demi" and len(label) > 1 and label[1].text == "sec":
        return False
    if where == "edges" and len(label[place].text) == 1:
        return at_start and (label[place].before_dot or len(label) > 1)
    return where == "anywhere" or at_start or at_end


def _bare_number(wording: _Wording, at: int, left: list[Token], ml: int | None) -> tuple[int | None, list[Token]]:
    """A number beside a serving word is centilitres: "PICHET 25", "PRESS LEFFE 50", "VERRE 14 CHINON"."""
    if ml is not None or not left:
        return ml, left
    near = at if at < len(left) else None
    if wording.kind in ("carafe", "half_pint"):
        places = [near, len(left) - 1] if wording.kind == "half_pint" else [near]
        for place in places:
            if place is not None and left[place].text in _CARAFE_CL:
                return _ml_of(left[place].text), _without(left, place, 1)
    elif wording.kind == "glass" and near is not None and near < len(left) - 1 and left[near].text in _GLASS_CL:
        return _ml_of(left[near].text), _without(left, near, 1)
    return None, left


def _without(label: list[Token], place: int, size: int) -> list[Token]:
    return label[:place] + label[place + size :]


@cache
def _wordings() -> dict[str, list[_Wording]]:
    found: dict[str, list[_Wording]] = {}
    for entry in table("servings")["serving"]:
        for text in entry["words"]:
            wording = _Wording(words(text), entry["kind"], entry["where"], entry["ml"])
            found.setdefault(wording.words[0], []).append(wording)
    for wordings in found.values():
        wordings.sort(key=lambda one: -len(one.words))
    return found


@cache
def _asides() -> frozenset[str]:
    return frozenset(word for text in table("servings")["aside"]["words"] for word in words(text))
