"""The suite's settings with two effects that a test can hold open and kill."""

from portal.settings.test import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.outbox.worker.apps.WorkerConfig"]  # noqa: F405
