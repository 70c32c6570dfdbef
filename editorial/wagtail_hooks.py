"""Wagtail looks here; each slice keeps its own hooks beside it."""

from . import board_hooks, desk_hooks  # noqa: F401
