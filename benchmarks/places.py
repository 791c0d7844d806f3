"""Where the project lies, and what of it is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
MODELS: Final = ROOT / "models"
SAMPLE: Final = ROOT / "frontend/assets/sample_face.jpg"
