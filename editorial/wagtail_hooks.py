"""What the editorial room adds to the admin, a module a capability."""

from . import (
    clocks_hooks,  # noqa: F401
    originals_hooks,  # noqa: F401
)
