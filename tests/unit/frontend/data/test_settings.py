"""Settings come from the environment, and from nowhere else."""

from __future__ import annotations

from collections import UserDict
from dataclasses import fields
from datetime import timedelta

import pytest

from frontend import settings as settings_module
from frontend.errors import SettingsInvalidError
from frontend.settings import Settings, load_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load_settings({}) == Settings(
        server_url="http://127.0.0.1:8000",
        api_key=None,
        server_timeout_s=60.0,
        database_url="sqlite:///data/skin_notes.db",
        session_days=30,
        max_photo_mb=20,
        sign_ups_per_hour=20,
        trust_proxy=False,
    )


def test_every_variable_is_read() -> None:
    settings = load_settings(
        {
            "SKINXAI_SERVER_URL": "https://models.example/skin/",
            "SKINXAI_API_KEY": "k3y",
            "SKINXAI_SERVER_TIMEOUT_S": "2.5",
            "SKINXAI_DATABASE_URL": "postgresql+psycopg://app@db/notes",
            "SKINXAI_SESSION_DAYS": "7",
            "SKINXAI_MAX_PHOTO_MB": "5",
            "SKINXAI_SIGN_UPS_PER_HOUR": "3",
            "SKINXAI_TRUST_PROXY": "Yes",
            "SKINXAI_PHOTO_KEY": 43 * "A" + "=",
            "SKINXAI_PHOTO_STORE": " s3://bucket/photos",
        }
    )
    assert settings.server_url == "https://models.example/skin"
    assert settings.api_key == "k3y"
    assert settings.server_timeout_s == 2.5
    assert settings.database_url == "postgresql+psycopg://app@db/notes"
    assert settings.session_lifetime == timedelta(days=7)
    assert settings.max_photo_mb == 5
    assert settings.sign_ups_per_hour == 3
    assert settings.trust_proxy
    assert settings.photo_key == 43 * "A" + "="
    assert settings.photo_store == "s3://bucket/photos"


def test_a_variable_set_to_nothing_counts_as_not_set() -> None:
    assert load_settings({"SKINXAI_API_KEY": " ", "SKINXAI_SESSION_DAYS": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SKINXAI_SERVER_URL", "127.0.0.1:8000"),
        ("SKINXAI_SERVER_URL", "file:///etc/passwd"),
        ("SKINXAI_SERVER_TIMEOUT_S", "soon"),
        ("SKINXAI_SERVER_TIMEOUT_S", "0"),
        ("SKINXAI_SERVER_TIMEOUT_S", "nan"),
        ("SKINXAI_SESSION_DAYS", "0"),
        ("SKINXAI_SESSION_DAYS", "366"),
        ("SKINXAI_SESSION_DAYS", "1.5"),
        ("SKINXAI_MAX_PHOTO_MB", "-1"),
        ("SKINXAI_SIGN_UPS_PER_HOUR", "0"),
        ("SKINXAI_TRUST_PROXY", "perhaps"),
        ("SKINXAI_PHOTO_KEY", "no key"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalidError, match=name) as caught:
        load_settings({name: value})
    assert caught.value.code == "settings_invalid"
    assert caught.value.params == {"name": name}


def test_neither_the_key_nor_a_database_password_shows_when_settings_are_printed() -> None:
    settings = Settings(
        api_key="k3y",
        photo_key="s3al",
        database_url="postgresql+psycopg://app:hunter2@db/notes",
    )
    assert "k3y" not in repr(settings)
    assert "s3al" not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_every_variable_that_is_read_is_explained_where_it_is_read() -> None:
    documentation = settings_module.__doc__ or ""
    asked: set[str] = set()

    class Recording(UserDict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            asked.add(name)
            return default

    assert load_settings(Recording()) == Settings()
    assert len(asked) == len(fields(Settings))
    assert all(f"| {name} " in documentation for name in asked)
