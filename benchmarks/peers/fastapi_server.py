"""A server as a first one is written with FastAPI."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, UploadFile

from benchmarks.peers.usual import Answer, UsualWay


def create_app(models: Path) -> FastAPI:
    """One route, whose work runs in the framework's thread pool."""
    app = FastAPI()
    usual = UsualWay(models)

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.post("/analyses")
    def analyse(photo: UploadFile, answer: Answer = Answer.PICTURES) -> dict[str, Any]:
        return usual.answer(photo.file.read(), answer)

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    uvicorn.run(create_app(given.models), port=given.port, log_level="warning")
