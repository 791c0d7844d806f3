"""What Streamlit says by itself, and what is said where it would say "Page not found"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformWords:
    """Words in place of Streamlit's own.

    Attributes:
        texts: By Streamlit's English text, with `{n}` for a number in it: what stands instead.
        no_page: Title of the page at an address that has none.
    """

    texts: Mapping[str, str]
    no_page: str
    no_page_why: str
    no_page_home: str


ENGLISH: Final = PlatformWords(
    texts={
        "Skip to main content": "Skip to main content",
        "Navigate to home page": "To the first page",
        "App pages": "Pages",
        "Pagination": "Pages of the table",
        "Page {n}": "Page {n}",
        "Previous page": "Previous page",
        "Next page": "Next page",
        "Show password": "Show password",
        "Hide password": "Hide password",
        "Choose an option": "Choose one",
        "Open": "Open",
        "Close": "Close",
        "file upload": "Photo file",
        "Choose date": "Choose a day",
        "Choose date range": "Choose two days",
        "Connecting": "Connecting",
        "Connecting to Streamlit server": "Connecting to the app",
        "Error": "Error",
        "Unable to connect to Streamlit server": "The app can't be reached",
        "Connection error": "The app doesn't answer",
        "Streamlit server is not responding. Are you connected to the internet?": (
            "Check that this device is online and that the app is running. This page goes on by "
            "itself as soon as the app answers."
        ),
        "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in "
        "your terminal:": (
            "It may have been stopped. This page goes on by itself as soon as the app answers."
        ),
        "Connection timed out.": "The app took too long to answer.",
        "Page not found": "There is no such page",
        "The page that you have requested does not seem to exist. Running the app's main page.": (
            "Nothing is at this address, so you see the first page."
        ),
    },
    no_page="There is no such page",
    no_page_why="The address may be mistyped, or the page has moved.",
    no_page_home="To the first page",
)

KOREAN: Final = PlatformWords(
    texts={
        "Skip to main content": "본문으로 건너뛰기",
        "Navigate to home page": "첫 화면으로",
        "App pages": "메뉴",
        "Pagination": "표의 쪽",
        "Page {n}": "{n}쪽",
        "Previous page": "이전 쪽",
        "Next page": "다음 쪽",
        "Show password": "비밀번호 보기",
        "Hide password": "비밀번호 숨기기",
        "Choose an option": "하나를 골라 주세요",
        "Open": "펼치기",
        "Close": "닫기",
        "file upload": "사진 파일",
        "Choose date": "날짜 고르기",
        "Choose date range": "기간 고르기",
        "Connecting": "연결 중",
        "Connecting to Streamlit server": "앱에 연결하고 있어요",
        "Error": "오류",
        "Unable to connect to Streamlit server": "앱에 연결할 수 없어요",
        "Connection error": "앱이 응답하지 않아요",
        "Streamlit server is not responding. Are you connected to the internet?": (
            "이 기기가 인터넷에 연결돼 있는지, 앱이 실행 중인지 확인해 주세요. "
            "앱이 응답하면 이 화면이 저절로 이어져요."
        ),
        "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in "
        "your terminal:": "앱이 꺼졌을 수 있어요. 앱이 응답하면 이 화면이 저절로 이어져요.",
        "Connection timed out.": "앱이 제때 응답하지 않았어요.",
        "Page not found": "없는 화면이에요",
        "The page that you have requested does not seem to exist. Running the app's main page.": (
            "이 주소에는 아무것도 없어서 첫 화면을 보여 드려요."
        ),
    },
    no_page="없는 화면이에요",
    no_page_why="주소를 잘못 적었거나 화면이 옮겨졌을 수 있어요.",
    no_page_home="첫 화면으로",
)
