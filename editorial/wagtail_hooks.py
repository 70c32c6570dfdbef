"""Wagtail looks here; each slice keeps its own hooks beside it."""

from . import (  # noqa: F401
    board_hooks,
    check_hooks,
    clocks_hooks,
    contributions_hooks,
    coverage_hooks,
    desk_hooks,
    meetings_hooks,
    originals_hooks,
    plan_hooks,
    proposals_hooks,
    report_hooks,
    review_hooks,
    training_hooks,
)
