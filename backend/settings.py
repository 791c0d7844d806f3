"""The server's settings. Nothing else in `backend` reads the environment.

Every setting is an environment variable with the prefix `SKINXAI_`, such as `SKINXAI_PORT`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.errors import SettingInvalidError
from backend.vision.engines.base import Precision
from backend.vision.quality_limits import Preset

PREFIX: Final = "SKINXAI_"
MIN_API_KEY_LENGTH: Final = 16
DEFAULT_MODELS_DIR: Final = Path(__file__).resolve().parent.parent / "models"


class Settings(BaseSettings):
    """What can be set from outside.

    Attributes:
        host: address the server listens on; loopback alone unless told otherwise.
        port: its port.
        models_dir: folder with `manifest.json` and the weights.
        device: where the networks run; `auto` takes a GPU when there is one.
        engine: what runs them; `auto` takes OpenVINO on a CPU where it is installed.
        precision: in what numbers the graders are computed.
        graphs_dir: where graphs exported for OpenVINO are kept; None keeps them in the user's cache
            folder.
        workers: photos that are analysed at the same time.
        threads: on which one analysis may compute at once; None takes every core of a CPU, and one
            beside a GPU.
        max_waiting: requests that may wait beside those; further ones are sent away.
        max_wait_s: longest that one waits for its turn, seconds.
        upload_timeout_s: longest that a request may take to arrive, seconds.
        api_key: when set, requests to `/v1` must carry it in the header `X-API-Key`.
        max_photo_mb: largest accepted file, megabytes of 1024 x 1024 bytes.
        max_megapixels: largest accepted width times height, millions of pixels; Pillow opens no
            picture beyond 178.
        max_batch_photos: most photos in one batch.
        gate: how much is asked of a photo's quality.
        log_level: least important messages that are logged.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    models_dir: Path = DEFAULT_MODELS_DIR
    device: Literal["auto", "cpu", "cuda"] = "auto"
    engine: Literal["auto", "torch", "openvino"] = "auto"
    precision: Precision = Precision.FLOAT32
    graphs_dir: Path | None = None
    workers: int = Field(default=2, ge=1, le=64)
    threads: int | None = Field(default=None, ge=1, le=256)
    max_waiting: int = Field(default=16, ge=0)
    max_wait_s: float = Field(default=30.0, gt=0)
    upload_timeout_s: float = Field(default=30.0, gt=0)
    api_key: SecretStr | None = None
    max_photo_mb: float = Field(default=20.0, gt=0)
    max_megapixels: float = Field(default=64.0, gt=0, le=178)
    max_batch_photos: int = Field(default=32, ge=1)
    gate: Preset = Preset.NORMAL
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("api_key", mode="before")
    @classmethod
    def _empty_key_is_none(cls, value: object) -> object:
        # Compose files hand on an unset secret as an empty variable.
        return None if value == "" else value

    @field_validator("api_key")
    @classmethod
    def _key_is_strong(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_API_KEY_LENGTH:
            raise ValueError(f"expected at least {MIN_API_KEY_LENGTH} characters")
        return value

    @property
    def max_photo_bytes(self) -> int:
        """Largest accepted file, bytes."""
        return round(self.max_photo_mb * 1024 * 1024)

    @property
    def max_pixels(self) -> int:
        """Largest accepted width times height."""
        return round(self.max_megapixels * 1e6)


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingInvalidError: a value cannot be used; names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        complaint = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = PREFIX + "_".join(str(part) for part in complaint["loc"]).upper()
        raise SettingInvalidError(f"{name} cannot be used: {complaint['msg']}") from error
