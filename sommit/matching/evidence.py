"""Why a drink is proposed: field by field, what the till and the cellar say. One that differs is a "presque"."""

from functools import reduce
from operator import or_

from sommit.matching.lexicon import Phrase, phrase
from sommit.matching.library import Library
from sommit.matching.price import price_state
from sommit.matching.ranking import Ranked
from sommit.matching.serving import serving_for
from sommit.matching.terms import Drink, Evidence, Label, Part, Reading, State

_A_WORD = 3  # letters; what is shorter and unexplained is no evidence


def evidence(label: Label, reading: Reading, one: Ranked, library: Library) -> tuple[Evidence, ...]:
    """The fields of which at least one side says something."""
    drink = one.vintage.drink
    fields = [
        *_words(reading, one, library),
        _origin(reading, one, drink),
        _pair("colour", reading.colour, one.fit.wine.colour),
        _pair("vintage", _text(one.fit.vintage), _text(one.vintage.year)),
        _format(reading, one),
        _pair("category", reading.kind if reading.kind_is_sure else "", one.fit.wine.kind),
        _price(label, drink),
    ]
    return tuple(field for field in fields if field.till or field.cellar)


def _words(reading: Reading, one: Ranked, library: Library) -> list[Evidence]:
    """Producer, name and appellation: the label's words that each explains, and those that nothing explains."""
    wine, fit = one.fit.wine, one.fit
    drink = one.vintage.drink
    left = [
        part
        for part, how_well in zip(reading.parts, fit.qualities, strict=True)
        if not how_well and not part.optional and not part.year and len(part.text) >= _A_WORD
    ]
    said: dict[str, list[Part]] = {name: [] for name in wine.fields}
    for part, bits in zip(reading.parts, fit.bits, strict=True):
        for name, words in wine.fields.items():
            if any(bits & wine.words[word] for word in words):
                said[name].append(part)
                break
    rest = _field_of_the_rest(left, said, one, library) if left else ""
    odd = rest if rest and not _all_said(wine.fields[rest], one) else ""
    cellar = {"producer": drink.producer, "name": drink.name, "appellation": drink.appellation}
    return [
        Evidence(
            field=name,
            state=State.DIFFERS if name == odd else State.AGREES if said[name] else State.SILENT,
            till=_upper(said[name] + (left if name == rest else [])),
            cellar=cellar[name],
        )
        for name in ("producer", "name", "appellation")
    ]


def _field_of_the_rest(left: list[Part], said: dict[str, list[Part]], one: Ranked, library: Library) -> str:
    """The field that the unexplained words contradict."""
    fields = one.fit.wine.fields
    if fields["appellation"] and any(library.is_appellation(part.text) for part in left):
        return "appellation"
    unsaid = [name for name in ("name", "appellation", "producer") if fields[name] and not said[name]]
    return unsaid[0] if unsaid and fields["name"] and said["name"] == [] else "name"


def _all_said(words: Phrase, one: Ranked) -> bool:
    """Whether the label says all of a field: words that it adds to a whole name contradict nothing."""
    used = reduce(or_, one.fit.bits, 0)
    return bool(words) and all(used & one.fit.wine.words[word] for word in words)


def _origin(reading: Reading, one: Ranked, drink: Drink) -> Evidence:
    known = set(phrase(drink.region)) | set(phrase(drink.country))
    said = [part for part, bits in zip(reading.parts, one.fit.bits, strict=True) if part.text in known and not bits]
    cellar = drink.region or drink.country
    return Evidence("region", State.AGREES if said else State.SILENT, _upper(said), cellar)


def _pair(name: str, till: str, cellar: str) -> Evidence:
    if not till or not cellar:
        return Evidence(name, State.SILENT, till, cellar)
    return Evidence(name, State.AGREES if till == cellar else State.DIFFERS, till, cellar)


def _format(reading: Reading, one: Ranked) -> Evidence:
    """Another volume than the bottle's is a difference, save for what may be poured from it: "LEFFE 25CL"."""
    volume = _pair("volume", _text(one.format_said), _text(one.vintage.volume_ml))
    if volume.state is not State.DIFFERS or one.fit.wine.kind in ("wine", "spirit"):
        return volume
    in_a_bottle = reading.serving_word in ("bottle", "can")
    return volume if in_a_bottle else Evidence("volume", State.SILENT, volume.till, volume.cellar)


def _price(label: Label, drink: Drink) -> Evidence:
    if label.price_cents is None:
        return Evidence("price", State.SILENT, "", "")
    state, expected = price_state(label, drink, serving_for(label, drink))
    return Evidence("price", state, _text(label.price_cents), _text(expected))


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _upper(parts: list[Part]) -> str:
    return " ".join(part.text.upper() for part in parts)
