"""Shared by every test: the database, the clock, the suite's two engines."""
