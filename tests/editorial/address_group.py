"""Addresses with one answer for each role; what the letters mean stands in address_table.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    title: str
    own: str
    names: str
    other: str = ""

    def labels(self) -> Iterator[str]:
        """Each line is names of one namespace, or of none."""
        for line in self.names.strip().splitlines():
            space, colon, names = line.strip().rpartition(": ")
            for name in names.split():
                yield f"{space}:{name}" if colon else name
