"""The same on BentoML, as its documentation shows."""

import os
from pathlib import Path
from typing import Any

import bentoml

from benchmarks.peers.usual import MODELS_VARIABLE, Answer, UsualWay


@bentoml.service(workers=1, traffic={"timeout": 120})
class Analyses:
    """One photo in, five grades with pictures out."""

    def __init__(self) -> None:
        """Load the networks."""
        self._usual = UsualWay(Path(os.environ[MODELS_VARIABLE]))

    # BentoML reads these annotations, and gives the file of the form.
    @bentoml.api(route="/analyses")  # type: ignore[untyped-decorator]
    def analyse(self, photo: Path) -> dict[str, Any]:
        """The answer."""
        return self._usual.answer(photo.read_bytes(), Answer.PICTURES)
