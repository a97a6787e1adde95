"""A till that answers over HTTP as `docs/jalia/openapi.yaml` describes, for the tests and the demo.

    till = Till(token="secret", name="Le Zinc des Capucins")
    till.product("VERRE CHABLIS", price_cents=650, category="Vins au verre")
    till.closing(lines=[("VERRE CHABLIS", 6)])
    with serve(till) as server:
        requests.get(server.url + "/v1/reports/", headers={"Authorization": "Bearer secret"})

`situations` holds one function per awkward evening of CONTRACT §12; `server.faults` scripts a till that misbehaves.
"""

from demo.simulator.closing import Closing, Order
from demo.simulator.faults import Faults
from demo.simulator.lines import MISSING, Item, Menu, Modifier, Product
from demo.simulator.server import Server, serve
from demo.simulator.till import Till

__all__ = ["MISSING", "Closing", "Faults", "Item", "Menu", "Modifier", "Order", "Product", "Server", "Till", "serve"]
