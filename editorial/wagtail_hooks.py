"""What the editorial room adds to the admin, a module a capability."""

from . import originals_hooks  # noqa: F401
