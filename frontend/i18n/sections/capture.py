"""Giving a photo: the camera, a file, and what can go wrong with either in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The sentences of the widget that takes or chooses a photo.

    Attributes:
        label: What the widget is for.
        lead: Stands in the empty frame.
        camera: Button that turns the camera on.
        take: Button that takes the photo.
        stop: Button that turns the camera off again.
        file: Button that opens the choice of files.
        camera_again: The camera's button once there is a photo.
        file_again: The files' button once there is a photo.
        preview: The text of the photo for those who do not see it.
        starting: The camera is being turned on.
        guide: The camera is on.
        preparing: The photo is being made ready and sent to the app.
        chosen: The photo is there; the button below comes next.
        no_preview: Stands in the frame for a file that this browser cannot show.
        blocked: The camera is not allowed.
        insecure: The page's address is none that a browser gives a camera to.
        no_camera: There is no camera.
        busy: Another program has the camera.
        wrong_type: The file's name has an ending that is not accepted.
        too_large: The file is too large and this browser cannot make it smaller.
        not_sent: The photo did not reach the app.
        first: Before the first check: what will happen.
    """

    label: str
    lead: str
    camera: str
    take: str
    stop: str
    file: str
    camera_again: str
    file_again: str
    preview: str
    starting: str
    guide: str
    preparing: str
    chosen: str
    no_preview: str
    blocked: str
    insecure: str
    no_camera: str
    busy: str
    wrong_type: str
    too_large: str
    not_sent: str
    first: tuple[str, str, str]


ENGLISH: Final = Capture(
    label="Photo of your face",
    lead="Take a photo of your face, or choose one.",
    camera="Use the camera",
    take="Take photo",
    stop="Camera off",
    file="Choose a photo",
    camera_again="Take another",
    file_again="Choose another photo",
    preview="The photo you chose",
    starting="Turning the camera on…",
    guide="Fit your face into the oval and look straight ahead.",
    preparing="Preparing the photo…",
    chosen="Your photo is ready. Analyse it below.",
    no_preview="This browser can't preview the photo. It may still be read by the analysis.",
    blocked="Camera blocked. Allow it at the padlock in the address bar, or choose a photo.",
    insecure=(
        "Browsers allow the camera only at an HTTPS address or on this computer. "
        "Choose a photo instead."
    ),
    no_camera="No camera found. Choose a photo instead.",
    busy="Another app is using the camera. Close it and try again, or choose a photo.",
    wrong_type="Can't use this file. Choose a JPG, PNG, WEBP, HEIC or AVIF photo.",
    too_large="The photo is too large. Choose one of up to {max_mb} MB.",
    not_sent="The photo couldn't be sent. Check the connection and choose it again.",
    first=(
        "Take or choose a photo.",
        "In a few seconds you see five grades, and where on your face they come from.",
        "Check again in a week or two to see what changes.",
    ),
)

KOREAN: Final = Capture(
    label="얼굴 사진",
    lead="얼굴 사진을 찍거나 골라 주세요.",
    camera="카메라로 찍기",
    take="사진 찍기",
    stop="카메라 끄기",
    file="사진 고르기",
    camera_again="다시 찍기",
    file_again="다른 사진 고르기",
    preview="고른 사진",
    starting="카메라를 켜고 있어요…",
    guide="타원 안에 얼굴을 맞추고 정면을 봐 주세요.",
    preparing="사진을 준비하고 있어요…",
    chosen="사진이 준비됐어요. 아래에서 분석해 보세요.",
    no_preview="이 브라우저에서는 미리 볼 수 없는 사진이에요. 분석은 가능할 수 있어요.",
    blocked="카메라가 막혀 있어요. 주소창의 자물쇠에서 허용하거나 사진을 골라 주세요.",
    insecure="카메라는 HTTPS 주소나 이 컴퓨터에서 연 주소에서만 켤 수 있어요. 사진을 골라 주세요.",
    no_camera="카메라를 찾지 못했어요. 사진을 골라 주세요.",
    busy="다른 앱이 카메라를 쓰고 있어요. 그 앱을 닫고 다시 누르거나 사진을 골라 주세요.",
    wrong_type="이 파일은 쓸 수 없어요. JPG·PNG·WEBP·HEIC·AVIF 사진을 골라 주세요.",
    too_large="사진 파일이 너무 커요. {max_mb}MB 이하 사진을 골라 주세요.",
    not_sent="사진을 보내지 못했어요. 연결을 확인하고 다시 골라 주세요.",
    first=(
        "사진을 찍거나 골라요.",
        "몇 초 뒤에 다섯 가지 등급과 얼굴의 어디를 보고 매겼는지 볼 수 있어요.",
        "한두 주 뒤에 다시 측정하면 달라진 점이 보여요.",
    ),
)
