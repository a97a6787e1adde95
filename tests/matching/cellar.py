"""A small cellar for the match engine's tests: names invented, ways of naming real."""

from sommit.matching import Drink, Engine

REGIONS = {"Chablis": "Bourgogne", "Pauillac": "Bordeaux", "Morgon": "Beaujolais", "Bandol": "Provence"}


def wine(number: int, name: str, producer: str, appellation: str, colour: str, year: int, ml: int = 750) -> Drink:
    region = REGIONS[appellation.partition(" ")[0]]
    return Drink(number, name, producer, appellation, region, "France", colour, year, ml, "wine")


DRINKS = (
    wine(1, "Chablis Les Hautes Pierres", "Domaine Aubrac", "Chablis", "blanc", 2022),
    wine(2, "Chablis Les Hautes Pierres", "Domaine Aubrac", "Chablis", "blanc", 2021),
    wine(3, "Chablis Les Hautes Pierres", "Domaine Aubrac", "Chablis", "blanc", 2022, 375),
    wine(4, "Chablis premier cru Vaucoupin", "Domaine Aubrac", "Chablis premier cru", "blanc", 2020),
    wine(5, "Château Vermeil", "Château Vermeil", "Pauillac", "rouge", 2015),
    wine(6, "Château Vermeil", "Château Vermeil", "Pauillac", "rouge", 2018),
    wine(7, "Château Vermeil", "Château Vermeil", "Pauillac", "rouge", 2015, 1500),
    wine(8, "Morgon Côte du Levant", "Jean Tissandier", "Morgon", "rouge", 2023),
    wine(9, "Bandol", "Mas des Cigales", "Bandol", "rosé", 2023),
    wine(10, "Bandol", "Mas des Cigales", "Bandol", "rouge", 2019),
    Drink(11, "Blonde des Remparts", "Brasserie des Remparts", category="beer", volume_ml=30000),
    Drink(12, "Blonde des Remparts", "Brasserie des Remparts", category="beer", volume_ml=330),
    Drink(13, "Brune des Remparts", "Brasserie des Remparts", category="beer", volume_ml=330),
    Drink(14, "Glen Tarvie 12 ans", "Glen Tarvie", category="spirit", country="Écosse", volume_ml=700),
    Drink(15, "Glen Tarvie 18 ans", "Glen Tarvie", category="spirit", country="Écosse", volume_ml=700),
    Drink(16, "Pastis Garance", category="spirit", volume_ml=1000),
    Drink(17, "Pastis Garance", category="spirit", volume_ml=700),
    Drink(18, "Jus d'abricot", "Vergers du Midi", category="soft", volume_ml=250),
    Drink(19, "Eau plate Fontclaire", category="soft", volume_ml=500),
    Drink(20, "Eau plate Fontclaire", category="soft", volume_ml=1000),
)


def engine() -> Engine:
    return Engine(DRINKS)
