"""One believable bar in Bordeaux: its cellar, the keys of its till, and its nights."""

from demo.story.cellar import Drink, Key, Pour, drinks, keys
from demo.story.nights import NAME, NIGHTS, TOKEN, Bar

__all__ = ["NAME", "NIGHTS", "TOKEN", "Bar", "Drink", "Key", "Pour", "drinks", "keys"]
