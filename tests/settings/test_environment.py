"""Addresses in the environment, read into Django's terms."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.env import Environment, database, email

VAR = Path("/srv/cchc/var")


def test_a_postgres_address_is_taken_apart():
    read = database("postgres://portal:m%40t%2Fkhau@db.example.vn:5433/cchc?sslmode=require", VAR)
    assert read["ENGINE"] == "django.db.backends.postgresql"
    assert (read["USER"], read["PASSWORD"]) == ("portal", "m@t/khau")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example.vn", "5433", "cchc")
    assert read["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}


def test_a_socket_directory_keeps_its_case():
    read = database("postgresql://portal@%2Ftmp%2Fcchc-pg.XyZ/cchc", VAR)
    assert (read["HOST"], read["PORT"]) == ("/tmp/cchc-pg.XyZ", "")


def test_an_ipv6_host_is_understood():
    assert database("postgres://portal@[::1]:5433/cchc", VAR)["HOST"] == "::1"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///", "/srv/cchc/var/portal.sqlite3"),
        ("sqlite:////tmp/th%C6%B0%20m%E1%BB%A5c/a.sqlite3", "/tmp/thư mục/a.sqlite3"),
    ],
)
def test_sqlite_lies_in_var_unless_a_path_is_given(url, name):
    read = database(url, VAR)
    assert read["NAME"] == name
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_another_database_is_refused_by_the_variables_name():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database("mysql://portal@127.0.0.1/cchc", VAR)


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example.vn", 587, False, True),
        ("smtps://mail.example.vn", 465, True, False),
        ("smtp://mail.example.vn:2525", 2525, False, True),
    ],
)
def test_mail_is_always_encrypted_on_its_way(url, port, ssl, tls):
    read = email(url)
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.example.vn", port)
    assert (read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"]) == (ssl, tls)


def test_a_mail_password_may_hold_any_character():
    read = email("smtp://portal%40example.vn:a%3Ab%2Fc@mail.example.vn")
    assert read["EMAIL_HOST_USER"] == "portal@example.vn"
    assert read["EMAIL_HOST_PASSWORD"] == "a:b/c"


def test_lists_are_split_at_commas_and_flags_read_as_words():
    read = Environment.read(
        {"ALLOWED_HOSTS": " a.example.vn , b.example.vn,", "BEHIND_PROXY": "No", "VAR_DIR": "/x"}
    )
    assert read.hosts == ["a.example.vn", "b.example.vn"]
    assert read.behind_proxy is False
    assert read.media_dir == Path("/x/media")
