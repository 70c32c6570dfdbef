"""What the Board's room adds to the admin."""

from . import review_hooks  # noqa: F401
