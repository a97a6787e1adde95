"""A plain reader of the simulated till, and the published description of its answers."""

import functools
import json
from pathlib import Path
from typing import Any

import requests
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

OPENAPI = Path(__file__).parents[2] / "docs" / "jalia" / "openapi.yaml"


class Reader:
    """Reads as a partner would: one key, one base address."""

    def __init__(self, server: Any, token: str) -> None:
        self.base = server.url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.base + path, params=query, allow_redirects=False, timeout=60)

    def json(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.content)

    def catalogue(self) -> list[dict[str, Any]]:
        return self.json("/v1/catalog/")

    def reports(self, **query: Any) -> list[dict[str, Any]]:
        return self.json("/v1/reports/", size=100, **query)["data"]

    def orders(self, **query: Any) -> list[dict[str, Any]]:
        """Every order, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.json("/v1/orders/", size=100, index=len(found) // 100, **query)["data"]
            found += page
            if len(page) < 100:
                return found

    def items(self, **query: Any) -> list[dict[str, Any]]:
        return [item for order in self.orders(**query) for item in order["items"]]


@functools.cache
def _registry() -> Registry:
    document = yaml.load(OPENAPI.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return Registry().with_resource("urn:till", Resource(document, DRAFT202012))


@functools.cache
def schema(name: str) -> Draft202012Validator:
    """The validator of one schema of the published description."""
    reference = {"$ref": f"urn:till#/components/schemas/{name}"}
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(reference, registry=_registry(), format_checker=checker)


def turnover(orders: list[dict[str, Any]]) -> Any:
    """The turnover of these orders by CONTRACT §7, in the unit in which they are written."""
    return sum(
        item["total"]
        for order in orders
        if not (order.get("isCanceled") or order.get("isTransferred"))
        for item in order["items"]
        if not (item.get("isCanceled") or item.get("isLoss") or item.get("isTransferred"))
    )
