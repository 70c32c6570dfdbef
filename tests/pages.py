"""What every page of the portal must be, asserted in one place.

assert_valid_html(response)   parses without an error, references resolve, nothing inline
assert_lean(response)         at most 120 KB with style and script, no cookie, nothing foreign
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from html5lib.constants import E as ERROR_TEXTS

LEAN_BYTES = 120 * 1024
REFERENCES = (
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-details",
    "aria-errormessage",
    "aria-activedescendant",
    "headers",
    "list",
    "form",
)
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
# Data for a script, which the content security policy does not have to allow.
DATA_BLOCKS = {"application/json", "application/ld+json"}
# Elements of a page, beside <link>, that make a browser fetch something.
FETCHING = {"src", "poster", "data", "background"}


def text_of(page: HttpResponseBase | str | bytes) -> str:
    """The page's HTML, whether a response, bytes or text."""
    if isinstance(page, str):
        return page
    if isinstance(page, bytes):
        return page.decode()
    kind = page.headers.get("Content-Type", "")
    assert kind == "text/html; charset=utf-8", f"not a page: {kind} (status {page.status_code})"
    return page.content.decode()


def parse(page: HttpResponseBase | str | bytes) -> Element:
    """The page as an element tree, without asserting anything."""
    return html5lib.parse(text_of(page), treebuilder="etree", namespaceHTMLElements=False)


def assert_valid_html(page: HttpResponseBase | str | bytes) -> Element:
    """Assert what a validator would, and return the tree for further looks."""
    text = text_of(page)
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text)
    problems = list(_parse_errors(parser.errors, text))
    problems += _outline_problems(tree)
    problems += _reference_problems(tree)
    problems += _inline_problems(tree)
    assert not problems, "the page is not valid:\n  " + "\n  ".join(problems)
    return tree


def _elements(tree: Element) -> Iterator[Element]:
    return (element for element in tree.iter() if isinstance(element.tag, str))


def _show(element: Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{element.tag}{attributes}>"[:160]


def _parse_errors(errors: list[Any], text: str) -> Iterator[str]:
    lines = text.splitlines() or [""]
    for (line, _column), code, values in errors:
        near = lines[min(line, len(lines)) - 1].strip()[:100]
        yield f"line {line}: {ERROR_TEXTS.get(code, code) % values} near {near!r}"


def _outline_problems(tree: Element) -> Iterator[str]:
    if not tree.get("lang"):
        yield "<html> without lang"
    for tag in ("title", "h1", "main"):
        count = sum(1 for _ in tree.iter(tag))
        if tag == "title":
            count = sum(1 for _ in tree.find("head").iter("title"))
        if count != 1:
            yield f"{count} <{tag}> instead of one"
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield f"no alt: {_show(image)}"


def _reference_problems(tree: Element) -> Iterator[str]:
    by_id: dict[str, Element] = {}
    count = Counter(e.get("id") for e in _elements(tree) if e.get("id") is not None)
    for element in _elements(tree):
        if element.get("id"):
            by_id.setdefault(element.get("id"), element)
    for name, times in count.items():
        if times > 1 or not name or name.split() != [name]:
            yield f'id="{name}" stands {times} times or is empty or has a space'
    for element in _elements(tree):
        yield from _dangling(element, by_id)


def _dangling(element: Element, by_id: dict[str, Element]) -> Iterator[str]:
    for attribute in REFERENCES:
        for name in (element.get(attribute) or "").split():
            if name not in by_id:
                yield f"{attribute} points nowhere: {_show(element)}"
    if element.tag == "label" and element.get("for") is not None:
        target = by_id.get(element.get("for"))
        if target is None or target.tag not in LABELABLE:
            yield f"label for no field: {_show(element)}"
    link = element.get("href") or ""
    if element.tag == "a" and len(link) > 1 and link[0] == "#" and unquote(link[1:]) not in by_id:
        yield f"link to no place on the page: {_show(element)}"


def _inline_problems(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.get("style") is not None:
            yield f"inline style: {_show(element)}"
        if any(name.startswith("on") for name in element.attrib):
            yield f"inline handler: {_show(element)}"
        if element.tag == "style":
            yield "a <style> element"
        is_inline = element.tag == "script" and not element.get("src")
        if is_inline and element.get("type") not in DATA_BLOCKS:
            yield f"inline script: {_show(element)}"
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"script in a link: {_show(element)}"


def assert_lean(response: HttpResponseBase) -> None:
    """Assert weight, cookies and that a browser fetches nothing from elsewhere.

    A page that posts a form may set a cookie (the form's token); no other may.
    """
    text = text_of(response)
    tree = parse(text)
    fetched = list(_fetched(tree))
    foreign = [url for url in fetched if _is_foreign(url)]
    assert not foreign, f"fetched from elsewhere: {foreign}"
    weight = len(text.encode()) + sum(_weight(url) for url in set(_styles_and_scripts(tree)))
    assert weight <= LEAN_BYTES, f"{weight / 1024:.0f} KB with style and script, more than 120"
    posts = any((form.get("method") or "").lower() == "post" for form in tree.iter("form"))
    if not posts:
        assert not response.cookies, f"a cookie without a form: {list(response.cookies)}"
        vary = response.headers.get("Vary", "")
        assert "cookie" not in vary.lower(), f"Vary: {vary} keeps shared caches out"


def _fetched(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        for attribute in FETCHING & element.attrib.keys():
            yield element.get(attribute)
        if element.get("srcset"):
            yield from (
                part.split()[0] for part in element.get("srcset").split(",") if part.strip()
            )
        relation = set((element.get("rel") or "").lower().split())
        if element.tag == "link" and relation - {"canonical", "alternate", "next", "prev"}:
            yield element.get("href") or ""
        if element.tag == "form":
            yield element.get("action") or ""
        if element.tag == "use":
            yield element.get("href") or ""


def _styles_and_scripts(tree: Element) -> Iterator[str]:
    for link in tree.iter("link"):
        if "stylesheet" in (link.get("rel") or "").lower().split():
            yield link.get("href") or ""
    for script in tree.iter("script"):
        if script.get("src"):
            yield script.get("src")


def _is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def _weight(url: str) -> int:
    path = urlsplit(url).path
    if not path.startswith(settings.STATIC_URL):
        return 0
    found = finders.find(unquote(path.removeprefix(settings.STATIC_URL)))
    assert found, f"no such static file: {url}"
    return Path(found).stat().st_size
