"""Giving a photo: the camera, a file, and what can go wrong with either in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the live guide says, one sentence at a time.

    The names are those of `static/guide/advice.js`, where each is decided on; left and right are
    those of the screen, which in a mirrored preview are the person's own.
    """

    no_face: str
    several: str
    closer: str
    farther: str
    move_left: str
    move_right: str
    move_up: str
    move_down: str
    tilt_left: str
    tilt_right: str
    turn_left: str
    turn_right: str
    dark: str
    bright: str
    uneven: str
    still: str
    good: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The sentences of the widget that takes or chooses a photo.

    Attributes:
        label: What the widget is for.
        lead: Stands in the empty frame.
        camera: Button that turns the camera on.
        take: Button that takes the photo.
        timer: Button that takes it after a countdown.
        cancel: Button that ends the countdown.
        flip: Button that changes to the other camera.
        automatic: Switch that starts the countdown as soon as all is well.
        native: Button that opens a phone's own camera app.
        stop: Button that turns the camera off again.
        file: Button that opens the choice of files.
        camera_again: The camera's button once there is a photo.
        file_again: The files' button once there is a photo.
        preview: The text of the photo for those who do not see it.
        starting: The camera is being turned on.
        guide: The camera is on.
        advice: What would make the picture in front of the camera better.
        no_advice: There is no live advice in this browser, or not yet.
        counting: The countdown runs.
        preparing: The photo is being made ready and sent to the app.
        chosen: The photo is there; the button below comes next.
        no_preview: Stands in the frame for a file that this browser cannot show.
        no_preview_refused: The same once the file was not analysed.
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
    timer: str
    cancel: str
    flip: str
    automatic: str
    native: str
    stop: str
    file: str
    camera_again: str
    file_again: str
    preview: str
    starting: str
    guide: str
    advice: Advice
    no_advice: str
    counting: str
    preparing: str
    chosen: str
    no_preview: str
    no_preview_refused: str
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
    timer="Take in 3 seconds",
    cancel="Cancel",
    flip="Switch camera",
    automatic="Take the photo automatically when all is well",
    native="Open the phone's camera",
    stop="Camera off",
    file="Choose a photo",
    camera_again="Take another",
    file_again="Choose another photo",
    preview="The photo you chose",
    starting="Turning the camera on…",
    guide="Fit your face into the oval and look straight ahead.",
    advice=Advice(
        no_face="Bring your face into the oval.",
        several="Make sure only one face is in view.",
        closer="Come a little closer.",
        farther="Move back a little.",
        move_left="Move a little to the left.",
        move_right="Move a little to the right.",
        move_up="Bring your face a little higher.",
        move_down="Bring your face a little lower.",
        tilt_left="Tilt your head to the left.",
        tilt_right="Tilt your head to the right.",
        turn_left="Turn your face to the left.",
        turn_right="Turn your face to the right.",
        dark="Too dark. Turn towards the light.",
        bright="Too bright. Move out of the direct light.",
        uneven="The light comes from one side. Face it.",
        still="Hold still.",
        good="Good. Stay like this.",
    ),
    no_advice="Live advice isn't available here.",
    counting="Hold still. The photo is taken after 3, 2, 1.",
    preparing="Preparing the photo…",
    chosen="Your photo is ready. Analyse it below.",
    no_preview="This browser can't preview the photo. It may still be read by the analysis.",
    no_preview_refused="There is no preview of this photo.",
    blocked="Camera blocked. Allow it at the padlock in the address bar, or choose a photo.",
    insecure=(
        "Browsers open the camera only at an HTTPS address, or on the computer that runs the app. "
        "Whoever runs it can start it with “make run HTTPS=1”. Until then, choose a photo."
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
    timer="3초 뒤 찍기",
    cancel="취소",
    flip="카메라 바꾸기",
    automatic="준비가 되면 저절로 찍기",
    native="휴대전화 카메라 열기",
    stop="카메라 끄기",
    file="사진 고르기",
    camera_again="다시 찍기",
    file_again="다른 사진 고르기",
    preview="고른 사진",
    starting="카메라를 켜고 있어요…",
    guide="타원 안에 얼굴을 맞추고 정면을 봐 주세요.",
    advice=Advice(
        no_face="타원 안에 얼굴을 맞춰 주세요.",
        several="한 사람만 나오게 해 주세요.",
        closer="조금 더 가까이 와 주세요.",
        farther="조금 뒤로 가 주세요.",
        move_left="왼쪽으로 조금 옮겨 주세요.",
        move_right="오른쪽으로 조금 옮겨 주세요.",
        move_up="얼굴을 조금 위로 올려 주세요.",
        move_down="얼굴을 조금 아래로 내려 주세요.",
        tilt_left="고개를 왼쪽으로 기울여 주세요.",
        tilt_right="고개를 오른쪽으로 기울여 주세요.",
        turn_left="얼굴을 왼쪽으로 돌려 주세요.",
        turn_right="얼굴을 오른쪽으로 돌려 주세요.",
        dark="너무 어두워요. 밝은 쪽을 봐 주세요.",
        bright="너무 밝아요. 직접 비치는 빛을 피해 주세요.",
        uneven="빛이 한쪽에서만 와요. 빛을 마주 봐 주세요.",
        still="움직이지 말고 가만히 있어 주세요.",
        good="좋아요. 그대로 있어 주세요.",
    ),
    no_advice="여기서는 실시간 안내를 쓸 수 없어요.",
    counting="셋을 센 뒤에 찍어요. 가만히 있어 주세요.",
    preparing="사진을 준비하고 있어요…",
    chosen="사진이 준비됐어요. 아래에서 분석해 보세요.",
    no_preview="이 브라우저에서는 미리 볼 수 없는 사진이에요. 분석은 가능할 수 있어요.",
    no_preview_refused="미리 볼 수 없는 사진이에요.",
    blocked="카메라가 막혀 있어요. 주소창의 자물쇠에서 허용하거나 사진을 골라 주세요.",
    insecure=(
        "카메라는 HTTPS 주소나 앱을 실행하는 컴퓨터에서만 켤 수 있어요. 실행하는 분이 "
        "“make run HTTPS=1”로 시작하면 돼요. 그 전에는 사진을 골라 주세요."
    ),
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
