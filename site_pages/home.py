"""What the home page shows of the rooms above: each registers its section here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from .models import HomePage


@dataclass(frozen=True)
class HomeSection:
    """A titled list; `template` draws it from `items`. `is_pressing` puts it first, larger."""

    title: str
    template: str
    items: Sequence[object]
    url: str = ""
    more: str = ""
    is_pressing: bool = False


Maker = Callable[[HttpRequest, "HomePage"], HomeSection | None]
_makers: list[tuple[int, Maker]] = []


def register_section(order: int) -> Callable[[Maker], Maker]:
    """Let a room show a section on the home page; None shows nothing."""

    def register(maker: Maker) -> Maker:
        _makers.append((order, maker))
        return maker

    return register


def sections(request: HttpRequest, page: HomePage) -> list[HomeSection]:
    made = (maker(request, page) for _, maker in sorted(_makers, key=lambda entry: entry[0]))
    return [section for section in made if section is not None]
