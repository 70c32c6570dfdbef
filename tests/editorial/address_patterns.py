"""Every address that the resolver knows, and how it is filled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


def labelled() -> list[tuple[str, str, str, URLPattern]]:
    """Label, name, path and pattern; names that stand twice are told apart by arguments."""
    known = list(patterns())
    times = Counter(name for name, _path, _entry in known)
    return [
        (name if times[name] == 1 else f"{name}({','.join(takes(entry))})", name, path, entry)
        for name, path, entry in known
    ]


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    """Name, path and pattern of everything that the resolver knows."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from patterns(entry, path, inner)
        else:
            yield ":".join((*spaces, entry.name or f"/{path}")), path, entry


def takes(entry: URLPattern) -> list[str]:
    """Names of the arguments of an address."""
    named = getattr(entry.pattern.regex, "groupindex", {})
    return list(named or entry.pattern.converters)


def filled(name: str, path: str, entry: URLPattern, values: dict[str, object]) -> str:
    """The address with the arguments put in."""
    if name in values:
        return str(values[name])
    wanted = {key: values[key] for key in takes(entry)}
    try:
        return reverse(name, kwargs=wanted)
    except NoReverseMatch:
        text = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(wanted[found[1]]), path)
        return "/" + re.sub(r"[\^$\\]|\.\*", "", text)
