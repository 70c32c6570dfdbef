"""Somebody of the working group who may build surveys, signed in."""

from __future__ import annotations

import pytest

from site_pages import tree
from tests.satisfaction.building import NOW, builder, signed_in


@pytest.fixture
def editor(at):
    at(NOW)
    tree.lay()
    return builder()


@pytest.fixture
def client(editor):
    return signed_in(editor)
