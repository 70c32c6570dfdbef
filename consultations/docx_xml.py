"""Small looks into Word's XML."""

from __future__ import annotations

from xml.etree.ElementTree import Element

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_NAMESPACE}}}"
NS = {"w": _NAMESPACE}
OFF = {"0", "false", "off", "none"}


def attribute(element: Element, name: str) -> str:
    return element.get(W + name, "")


def value_of(element: Element, path: str) -> str:
    """The value of a setting below the element; "" where it is not set."""
    found = element.find(path, NS)
    return "" if found is None else attribute(found, "val")


def is_on(element: Element, path: str) -> bool:
    """A switch is on where it stands, unless it says otherwise."""
    found = element.find(path, NS)
    return found is not None and attribute(found, "val").lower() not in OFF
