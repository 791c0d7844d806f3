"""Settings: defaults that are safe, and values that are refused by the variable's name."""

from __future__ import annotations

import pytest

from backend.errors import SettingInvalidError
from backend.settings import DEFAULT_MODELS_DIR, PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_by_default_the_server_listens_on_loopback_without_a_key() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.api_key) == ("127.0.0.1", 8000, None)
    assert settings.models_dir == DEFAULT_MODELS_DIR
    assert settings.max_photo_bytes == 20_971_520
    assert settings.max_pixels == 64_000_000


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKINXAI_PORT", "9001")
    monkeypatch.setenv("SKINXAI_MAX_PHOTO_MB", "1.5")
    settings = load_settings()
    assert (settings.port, settings.max_photo_bytes) == (9001, 1_572_864)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SKINXAI_PORT", "0"),
        ("SKINXAI_PORT", "http"),
        ("SKINXAI_DEVICE", "abacus"),
        ("SKINXAI_WORKERS", "0"),
        ("SKINXAI_MAX_PHOTO_MB", "-1"),
        ("SKINXAI_API_KEY", "too-short"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalidError, match=f"^{name} cannot be used: "):
        load_settings()


def test_a_refused_key_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKINXAI_API_KEY", "short-secret")
    with pytest.raises(SettingInvalidError) as refusal:
        load_settings()
    assert "short-secret" not in str(refusal.value)


def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKINXAI_API_KEY", "")
    assert load_settings().api_key is None


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKINXAI_API_KEY", "0123456789abcdef")
    assert "0123456789abcdef" not in repr(load_settings())
