"""What consultations bring into the admin."""

from .synthesis import hooks  # noqa: F401
