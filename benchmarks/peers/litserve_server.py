"""The same on LitServe, as its documentation shows."""

import argparse
from pathlib import Path
from typing import Any

import litserve
from fastapi import Request

from benchmarks.peers.usual import Answer, UsualWay


class UsualApi(litserve.LitAPI):  # type: ignore[misc]  # it has no types
    """One photo in, five grades with pictures out."""

    def __init__(self, models: Path) -> None:
        """Keep where the networks are; they are loaded in the process that runs them."""
        super().__init__(api_path="/analyses")
        self._models = models

    def setup(self, device: str) -> None:
        """Load the networks."""
        self._usual = UsualWay(self._models)

    # LitServe reads this annotation, and gives the form of such a request.
    def decode_request(self, request: Request) -> bytes:
        """The file of the form."""
        form: Any = request
        content: bytes = form["photo"].file.read()
        return content

    def predict(self, data: bytes) -> dict[str, Any]:
        """The answer."""
        return self._usual.answer(data, Answer.PICTURES)

    def encode_response(self, output: dict[str, Any]) -> dict[str, Any]:
        """The answer is JSON already."""
        return output


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    server = litserve.LitServer(UsualApi(given.models), accelerator="cpu", devices=1)
    server.run(host="127.0.0.1", port=given.port, generate_client_file=False, log_level="warning")
