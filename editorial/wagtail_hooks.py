"""What the Board's room adds to the admin."""

from . import (  # noqa: F401
    report_hooks,
    review_hooks,
)
