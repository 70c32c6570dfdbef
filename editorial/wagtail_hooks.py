"""What the Editorial Board adds to the admin, a module a capability."""

from . import plan_hooks  # noqa: F401
