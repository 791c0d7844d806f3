"""While an analysis runs, and what took how long afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from frontend.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The sentences of waiting.

    Attributes:
        sending: Before the first stage: the photo is on its way, or waits its turn.
        stages: What is being done, by stage.
        again: Button that has the same photo analysed again after an error of the server.
        timings: Heading of what took how long.
        timing: One line of it, by stage.
        way: The line for sending the photo, waiting one's turn and getting the answer.
        total: The line for all of it.
        milliseconds: A time.
    """

    sending: str
    stages: Mapping[Stage, str]
    again: str
    timings: str
    timing: Mapping[Stage, str]
    way: str
    total: str
    milliseconds: str


ENGLISH: Final = Progress(
    sending="Sending the photo…",
    stages={
        Stage.DECODE: "Opening the photo…",
        Stage.DETECT: "Looking for the face…",
        Stage.PREDICT: "Grading five attributes…",
        Stage.EXPLAIN: "Drawing where the grades come from…",
        Stage.ENCODE: "Putting the result together…",
    },
    again="Try again",
    timings="How long it took",
    timing={
        Stage.DECODE: "Opening the photo",
        Stage.DETECT: "Finding and checking the face",
        Stage.PREDICT: "Grading",
        Stage.EXPLAIN: "Drawing the maps",
        Stage.ENCODE: "Putting the result together",
    },
    way="Sending, waiting and receiving",
    total="In all",
    milliseconds="{ms} ms",
)

KOREAN: Final = Progress(
    sending="사진을 보내고 있어요…",
    stages={
        Stage.DECODE: "사진을 열고 있어요…",
        Stage.DETECT: "얼굴을 찾고 있어요…",
        Stage.PREDICT: "다섯 가지 등급을 매기고 있어요…",
        Stage.EXPLAIN: "어디를 보고 매겼는지 그리고 있어요…",
        Stage.ENCODE: "결과를 정리하고 있어요…",
    },
    again="다시 시도하기",
    timings="걸린 시간",
    timing={
        Stage.DECODE: "사진 열기",
        Stage.DETECT: "얼굴 찾고 확인하기",
        Stage.PREDICT: "등급 매기기",
        Stage.EXPLAIN: "지도 그리기",
        Stage.ENCODE: "결과 정리하기",
    },
    way="보내고 기다리고 받기",
    total="모두",
    milliseconds="{ms}ms",
)
