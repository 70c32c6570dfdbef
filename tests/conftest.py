"""Shared by every test: the clock, the two engines, a wall against the network."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone, translation
from hypothesis import settings as properties

from portal import clock
from site_pages.publishing import by_installation
from tests import ground

# No test asserts a time: a machine that is busy finds no fault.
properties.register_profile("house", deadline=None)
properties.load_profile("house")

BROWSER_TESTS = Path(__file__).parent / "browser"
_connect = socket.socket.connect


def _only_here(sock: socket.socket, address) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in {
        "127.0.0.1",
        "localhost",
        "::1",
    }:
        raise OSError(f"a test tried to reach {address!r}")
    _connect(sock, address)


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _only_here)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """A page that a test before read in English would leave its language behind."""
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def _fresh_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.QUARANTINE_DIR = tmp_path / "quarantine"
    settings.EXPORTS_DIR = tmp_path / "exports"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """What a rolled back test remembered is not there for the next one."""
    cache.clear()


@pytest.fixture(autouse=True)
def _ground_of_the_site(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rooms' tests lay pages as the installation does; who may publish is editorial's to test."""
    if request.node.get_closest_marker("gated"):
        yield
        return
    with by_installation():
        yield


@pytest.fixture
def thrown_away(db) -> Iterator[None]:
    """What a test of many rows wrote is rolled back before its end would check every key of it.

    PostgreSQL checks them by plans that it made when the tables were empty.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def at() -> Iterator[Callable[[datetime | str], datetime]]:
    """Stop the clock: at("2026-11-16 09:00") in Hanoi time, or at an aware moment."""
    with ExitStack() as stack:

        def stop(moment: datetime | str) -> datetime:
            if isinstance(moment, str):
                moment = timezone.make_aware(datetime.fromisoformat(moment))
            stack.enter_context(clock.stopped_at(moment))
            return moment

        yield stop


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what goes through a browser; on SQLite leave out what it cannot carry."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker("browser")
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)
        _keep_seed(item)
    if connection.vendor != "sqlite":
        return
    kept, left = [], []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        (left if marks & {"postgres", "browser"} else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _keep_seed(item: pytest.Item) -> None:
    """Tests that commit truncate every table: give each what the migrations had put there."""
    mark = item.get_closest_marker("django_db")
    if mark and mark.kwargs.get("transaction"):
        kept = mark.kwargs | {"serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(*mark.args, **kept), append=False)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    return django_db_keepdb or _is_copied()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's part of a database that bin/test migrated; PostgreSQL knows templates."""
    if _is_copied():
        settings = connection.settings_dict
        shutil.copyfile(settings["NAME"], settings["TEST"]["NAME"])


def _is_copied() -> bool:
    return connection.vendor == "sqlite" and bool(os.environ.get("LAID"))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker
) -> Iterator[None]:
    """The page tree stands before the first test: laying it takes seconds, finding it does not.

    Tests that commit truncate every table and are given it back. With --reuse-db the next
    session must not find the tables truncated.
    """
    with django_db_blocker.unblock():
        # Models: importable once pytest-django has set Django up.
        from django_q.models import OrmQ

        from portal.outbox.models import OutboxRow
        from site_pages import page_cache, tree

        tree.lay()
        # What the pages called for when they were published is no test's business.
        OutboxRow.objects.all().delete()
        OrmQ.objects.all().delete()
        # As in a house where somebody has read a page since the last change.
        page_cache.current(clock.now())
        # What tests that commit are given back: put on top of the laid tree, the seed alone
        # would make Wagtail's welcome page the front again.
        if connection.vendor == "postgresql":
            rows = ground.taken()
            connection.creation.deserialize_db_from_string = lambda _: ground.give_back(rows)
            connection._test_serialized_contents = "in memory"
        else:
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()
    yield
    committed = any(
        mark.kwargs.get("transaction")
        for item in request.session.items
        if (mark := item.get_closest_marker("django_db"))
    )
    if committed and request.config.getvalue("reuse_db"):
        with django_db_blocker.unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
