"""What the bar changes in its till after the nights with which its story begins: a price, a name, a key, a meaning."""

from demo.simulator import Till


def happen(till: Till, happy_hour: str) -> None:
    """Change the catalogue: the reading of the next morning tells of them ("quoi de neuf")."""
    keys = {product.name: product for product in till.products}
    keys["VRE QUINCY"].price_cents = 750
    keys["VRE SANCERRE 22"].name = "VRE SANCERRE 23"
    till.product("VRE SAINT JOSEPH 23", price_cents=850, category="Vins au verre", sub_category="Rouges", tax_rate=2000)
    reused = keys["VRE CDR ESPRIT"]
    reused.name, reused.price_cents, reused.category, reused.sub_category = "SPRITZ MAISON", 950, "Cocktails", None
    reused.tiers = {happy_hour: 800}
