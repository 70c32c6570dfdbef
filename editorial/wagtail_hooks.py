"""What the Editorial Board adds to the admin, a module a capability."""

from . import (
    meetings_hooks,  # noqa: F401
    plan_hooks,  # noqa: F401
    proposals_hooks,  # noqa: F401
    training_hooks,  # noqa: F401
)
