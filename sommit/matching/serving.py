"""What one sale takes from the stock: said by the label, else guessed from category, price and format."""

from functools import cache

from sommit.matching.lexicon import kind_of, lexicon, table
from sommit.matching.said import Said, take_serving
from sommit.matching.terms import Drink, Label, Serving
from sommit.matching.text import tokens, words

KEG_ML = 5000
_GLASS_ML, _DRAUGHT_ML, _SHOT_ML = 125, 250, 40
_LARGEST_WINE_GLASS_ML = 200
_CELLAR_BOTTLE_ML = 500  # from here on a bottle of spirits or juice is poured by the measure
_NO_WINE_BOTTLE_UNDER_CENTS = 900  # in a restaurant, a price below this is a glass's
_CLOSE_PRICE = 0.15
_HALF = {"wine": "half_bottle", "beer": "half_pint", "cider": "glass", "spirit": "baby", "soft": "bottle"}
_HALVED = ("shot", "double")
_BOTTLES = ("bottle", "half_bottle", "magnum", "jeroboam", "mathusalem")
# Share of the bottle's price up to which a wine is likely sold as this.
_WINE_BY_PRICE = ((0.30, "glass", 125), (0.45, "carafe", 250), (0.60, "half_bottle", 375), (0.80, "carafe", 500))
_NAMED_WINE_ML = {375: "half_bottle", 1500: "magnum", 3000: "jeroboam", 6000: "mathusalem"}
_NAMED_BEER_ML = {125: "galopin", 250: "half_pint", 500: "pint", 1000: "litre"}


def serving_for(label: Label, drink: Drink, glass_ml: int | None = None) -> Serving:
    """The likely serving of a label linked to a drink; `ml` is None only where nothing tells a volume.

    `glass_ml` is the house's own glass of wine: what a glass is where the label writes no volume.
    """
    kind = drink_kind(drink)
    said, _, _ = take_serving(tokens(label.text), kind)
    if said is not None:
        likely = resolve(said, kind, drink, label)
    else:
        likely = _from_category(label, kind, drink) or _from_price(label, kind, drink) or _usual(kind, drink, label)
    written = said is not None and said.ml is not None
    if glass_ml and kind == "wine" and likely.kind == "glass" and not written:
        return Serving(glass_ml, likely.kind, likely.said)
    return likely


def drink_kind(drink: Drink) -> str:
    """wine, beer, cider, spirit, soft or cocktail: from the category, else from what the format suggests."""
    if kind := kind_of(drink.category):
        return kind
    if drink.colour or drink.vintage or drink.volume_ml in (375, 750, 1500):
        return "wine"
    if drink.volume_ml in (700, 1000):
        return "spirit"
    return "beer" if drink.volume_ml else ""


def resolve(said: Said, kind: str, drink: Drink | None, label: Label) -> Serving:
    """What a label's words mean for this drink (None: for a drink of this kind that is not known)."""
    format_ml = drink.volume_ml if drink else None
    if said.ml is not None:
        return Serving(said.ml, _kind_with_volume(said.kind, said.ml, kind, format_ml), said=True)
    usual = said.usual_ml.get(kind, said.usual_ml.get("any"))
    if usual == "format" or usual is None:
        ml = format_ml or _bottle_ml().get(kind)
        named = "whole" if said.kind == "double" else said.kind
        return Serving(ml, _HALF.get(kind, "half_bottle") if named == "half" else named, said=True)
    named = _HALF[kind] if said.kind == "half" else said.kind
    named = "shot" if kind == "spirit" and named == "glass" else named
    halved = kind == "spirit" and named in _HALVED and _is_half_measure(drink, label)
    return Serving(usual // 2 if halved else usual, named, said=True)


def _kind_with_volume(word: str, ml: int, kind: str, format_ml: int | None) -> str:
    if word and word not in ("bottle", "half", "half_pint"):
        return word
    named = _volume_kind(ml, kind, format_ml)
    return "bottle" if word == "bottle" and named not in _BOTTLES else named


def _volume_kind(ml: int, kind: str, format_ml: int | None) -> str:
    """How a written volume is called: 120 ml of wine is a glass, 375 ml a half bottle."""
    whole = ml == format_ml
    if kind == "beer":
        keg = format_ml is None or format_ml >= KEG_ML
        return "bottle" if whole else _NAMED_BEER_ML.get(ml, "glass" if keg and ml < 700 else "bottle")
    if kind == "spirit":
        return "bottle" if ml >= 350 else "double" if ml == 2 * _SHOT_ML else "shot"
    if kind in ("soft", "cocktail", "cider"):
        return "bottle" if whole or ml >= 700 else "glass"
    if ml <= _LARGEST_WINE_GLASS_ML:
        return "glass"
    return _NAMED_WINE_ML.get(ml) or ("bottle" if whole or 600 <= ml <= 750 else "carafe")


def _from_category(label: Label, kind: str, drink: Drink) -> Serving | None:
    """A till's category may say it: "VINS AU VERRE", "BIERES PRESSION"."""
    servings = lexicon().category_servings
    named = next((servings[word] for word in words(label.category) if word in servings), None)
    entry = next((one for one in table_of_servings() if one[0] == named), None)
    if entry is None or (named in ("shot", "half_pint") and kind not in ("spirit", "beer", "cider")):
        return None
    serving = resolve(Said(entry[0], None, entry[1]), kind, drink, label)
    return Serving(serving.ml, serving.kind, said=False)


def _from_price(label: Label, kind: str, drink: Drink) -> Serving | None:
    """The share of the bottle's price tells the part of the bottle."""
    price, glass, bottle = label.price_cents, drink.glass_price_cents, drink.price_cents
    if not price or drink.volume_ml is None or drink.volume_ml < _CELLAR_BOTTLE_ML or drink.volume_ml >= KEG_ML:
        return None
    if kind == "wine":
        if glass and abs(price - glass) <= _CLOSE_PRICE * glass:
            return Serving(_GLASS_ML, "glass", said=False)
        if not bottle:
            return Serving(_GLASS_ML, "glass", said=False) if price < _NO_WINE_BOTTLE_UNDER_CENTS else None
        for share, named, ml in _WINE_BY_PRICE:
            if price <= share * bottle:
                return Serving(ml, named, said=False)
    if kind == "spirit" and bottle and price >= bottle / 2:
        return Serving(drink.volume_ml, "bottle", said=False)
    if kind == "soft" and bottle and price < bottle / 2:
        return Serving(200, "glass", said=False)
    return None


def _usual(kind: str, drink: Drink, label: Label) -> Serving:
    """Neither label, category nor price tell."""
    volume = drink.volume_ml
    if volume is not None and volume >= KEG_ML:
        return Serving(*((_DRAUGHT_ML, "half_pint") if kind != "wine" else (_GLASS_ML, "glass")), said=False)
    if kind == "spirit" and volume is not None and volume >= _CELLAR_BOTTLE_ML:
        return Serving(_SHOT_ML // 2 if _is_half_measure(drink, label) else _SHOT_ML, "shot", said=False)
    return Serving(volume, "whole", said=False)


def _is_half_measure(drink: Drink | None, label: Label) -> bool:
    named = words(label.text) + (words(drink.name) if drink else ())
    return any(word in _half_measures() for word in named)


@cache
def _half_measures() -> frozenset[str]:
    return frozenset(table("servings")["half_measures"]["words"])


@cache
def _bottle_ml() -> dict[str, int]:
    return dict(table("servings")["bottle_ml"])


@cache
def table_of_servings() -> tuple[tuple[str, dict[str, int]], ...]:
    """Kind of serving and its usual ml by kind of drink, in the order of the file."""
    return tuple((entry["kind"], entry["ml"]) for entry in table("servings")["serving"])
