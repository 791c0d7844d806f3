"""Getting in and out: rules for signing up, forgotten passwords, devices, codes, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Sentences around an account.

    Attributes:
        id_rules: Length and letters of an ID, as a list that is ticked off while typing.
        password_rules: Length of a password, and that it differs from the ID.
        codes_file_head: The lines above the codes in the saved file.
        rule_kept: Read out after a rule that what was typed keeps.
        codes_ended: Said after the password was changed, of somebody who had codes.
        notices: By the code that the first page is sent: what was done.
        still_signed_in: A sign-in failed on its way in a browser that is signed in.
    """

    id_rules: tuple[str, str]
    password_rules: tuple[str, str]
    password_hint: str
    rule_kept: str
    notices: Mapping[str, str]
    still_signed_in: str
    forgot: str
    forgot_how: tuple[str, ...]
    recovery_code: str
    new_password: str
    recover: str
    password_title: str
    password_change: str
    password_note: str
    password_present: str
    password_changed: str
    devices_title: str
    devices_note: str
    device_this: str
    device_unknown: str
    device_seen: str
    device_end: str
    device_ended: str
    everywhere: str
    codes_title: str
    codes_note: str
    codes_left: str
    codes_none: str
    codes_make: str
    codes_renew_note: str
    codes_ended: str
    codes_once: str
    codes_file: str
    codes_file_head: tuple[str, ...]
    codes_saved: str
    delete_title: str
    delete_note: str
    delete_open: str
    delete_ask: str
    delete_what: tuple[str, ...]
    delete_export: str
    delete_confirm: str
    deleting: str


KOREAN: Final = Access(
    id_rules=("{minimum}–{maximum}자", "글자, 숫자와 . _ - 만"),
    password_rules=("{minimum}자 이상", "아이디와 다르게"),
    password_hint="여러 단어를 이어 쓰면 기억하기 쉬워요.",
    rule_kept="맞아요",
    notices={
        "logged_out_everywhere": "모든 기기에서 로그아웃했어요.",
        "account_deleted": "계정과 그 안의 모든 기록을 삭제했어요.",
        "account_deleted_later": (
            "계정과 그 안의 모든 기록을 삭제했어요. 지금은 사진 저장소가 응답하지 않아, "
            "남은 사진은 다시 연결되는 대로 그곳에서도 지울게요."
        ),
    },
    still_signed_in=(
        "이미 쓰였거나 시간이 지난 로그인 주소예요. 지금 로그인한 아이디는 그대로예요: {login_id}"
    ),
    forgot="비밀번호를 잊었어요",
    forgot_how=(
        "내 정보 화면에서 받아 둔 복구 코드 하나로 새 비밀번호를 정할 수 있어요. "
        "한 번 쓴 코드는 다시 쓸 수 없고, 모든 기기에서 로그아웃돼요.",
        "이메일을 받지 않기 때문에 복구 코드가 없으면 비밀번호를 되찾을 수 없어요.",
    ),
    recovery_code="복구 코드",
    new_password="새 비밀번호",
    recover="새 비밀번호로 로그인",
    password_title="비밀번호",
    password_change="비밀번호 바꾸기",
    password_note=(
        "비밀번호를 바꾸면 다른 기기에서는 모두 로그아웃되고, 전에 받은 복구 코드는 쓸 수 없어요."
    ),
    password_present="현재 비밀번호",
    password_changed="비밀번호를 바꿨어요. 다른 기기에서는 모두 로그아웃됐어요.",
    devices_title="로그인한 기기",
    devices_note="모르는 기기가 있으면 로그아웃시키고 비밀번호를 바꿔 주세요.",
    device_this="이 기기",
    device_unknown="알 수 없는 기기",
    device_seen="마지막 사용 {when}",
    device_end="로그아웃",
    device_ended="선택한 기기에서 로그아웃했어요.",
    everywhere="모든 기기에서 로그아웃",
    codes_title="복구 코드",
    codes_note="비밀번호를 잊었을 때 쓰는 일회용 코드 10개예요. 종이나 화면 사진으로 보관하세요.",
    codes_left="남은 코드 {count}개",
    codes_none="쓸 수 있는 코드가 없어요.",
    codes_make="복구 코드 받기",
    codes_renew_note="새 코드를 받으면 전에 받은 코드는 쓸 수 없어요.",
    codes_ended="전에 받은 복구 코드는 이제 쓸 수 없으니 새로 받아 주세요.",
    codes_once="이 코드는 지금 한 번만 보여 드려요. 닫기 전에 저장해 주세요.",
    codes_file="파일로 저장",
    codes_file_head=(
        "{app} 복구 코드",
        "아이디: {login_id}",
        "만든 날: {day}",
        "코드 하나로 새 비밀번호를 한 번 정할 수 있어요. 새 코드를 받으면 이 코드는 쓸 수 없어요.",
    ),
    codes_saved="저장했어요",
    delete_title="계정 삭제",
    delete_note="계정과 모든 기록을 바로 삭제해요. 되돌릴 수 없어요.",
    delete_open="계정 삭제",
    delete_ask="계정을 삭제할까요?",
    delete_what=(
        "아이디, 모든 측정 기록과 메모, 보관한 사진이 바로 사라져요.",
        "모든 기기에서 로그아웃돼요.",
        "되돌릴 수 없어요. 남기고 싶은 기록은 먼저 내보내 주세요.",
    ),
    delete_export="기록 내보내러 가기",
    delete_confirm="영구 삭제",
    deleting="삭제하고 있어요…",
)

ENGLISH: Final = Access(
    id_rules=("{minimum}–{maximum} characters", "Letters, digits and . _ - only"),
    password_rules=("At least {minimum} characters", "Not the same as the ID"),
    password_hint="A few words in a row are easy to remember.",
    rule_kept="done",
    notices={
        "logged_out_everywhere": "You are logged out on every device.",
        "account_deleted": "Your account and everything in it are deleted.",
        "account_deleted_later": (
            "Your account and all its records are deleted. The place of kept photos doesn't "
            "answer right now; what is left there is erased as soon as it does."
        ),
    },
    still_signed_in=(
        "That sign-in address was used before or is too old. You are still signed in as {login_id}"
    ),
    forgot="Forgot your password?",
    forgot_how=(
        "One of the recovery codes from your account page lets you set a new password. "
        "A code works once, and you are logged out on every device.",
        "We don't ask for e-mail addresses, so without a code a password can't be recovered.",
    ),
    recovery_code="Recovery code",
    new_password="New password",
    recover="Log in with the new password",
    password_title="Password",
    password_change="Change password",
    password_note=(
        "Changing it logs you out on all other devices and makes your recovery codes useless."
    ),
    password_present="Current password",
    password_changed="Password changed. You are logged out on all other devices.",
    devices_title="Signed-in devices",
    devices_note="If you don't know one of them, log it out and change your password.",
    device_this="This device",
    device_unknown="Unknown device",
    device_seen="Last used {when}",
    device_end="Log out",
    device_ended="The chosen device is logged out.",
    everywhere="Log out on every device",
    codes_title="Recovery codes",
    codes_note="Ten one-time codes for a forgotten password. Keep them on paper or as a picture.",
    codes_left="Codes left: {count}",
    codes_none="You have no codes.",
    codes_make="Get recovery codes",
    codes_renew_note="New codes make all earlier ones useless.",
    codes_ended="Your recovery codes no longer work. Make new recovery codes.",
    codes_once="These codes are shown this once. Save them before you close this.",
    codes_file="Save as a file",
    codes_file_head=(
        "Recovery codes for {app}",
        "ID: {login_id}",
        "Made on: {day}",
        "One code sets a new password, once. New codes make these useless.",
    ),
    codes_saved="I have saved them",
    delete_title="Delete account",
    delete_note="Deletes the account and all its records at once. This can't be undone.",
    delete_open="Delete account",
    delete_ask="Delete your account?",
    delete_what=(
        "Your ID, every check with its notes, and kept photos are gone at once.",
        "You are logged out on every device.",
        "This can't be undone. Export first what you want to keep.",
    ),
    delete_export="Go and export",
    delete_confirm="Delete for good",
    deleting="Deleting…",
)
