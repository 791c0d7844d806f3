"""What can go wrong and what to do about it, in Korean."""

from __future__ import annotations

from typing import Final

from frontend.i18n.words import Problem

PROBLEMS: Final = {
    "photo_missing": Problem(what="사진이 없어요.", do="얼굴 사진을 골라 주세요."),
    "photo_empty": Problem(what="파일이 비어 있어요.", do="사진을 다시 고르거나 새로 찍어 주세요."),
    "photo_too_large": Problem(
        what="사진 파일이 너무 커요.", do="{max_mb}MB 이하 사진을 골라 주세요."
    ),
    "photo_too_many_pixels": Problem(
        what="사진의 화소가 너무 많아요.",
        do="{max_megapixels}백만 화소 이하로 줄여서 다시 골라 주세요.",
    ),
    "photo_unreadable": Problem(
        what="이 파일은 사진으로 읽을 수 없어요.",
        do="파일이 손상되었을 수 있어요. 다른 사진을 골라 주세요.",
    ),
    "photo_format_unsupported": Problem(
        what="이 형식은 쓸 수 없어요.", do="JPG·PNG·WEBP·HEIC·AVIF 사진을 골라 주세요."
    ),
    "photos_too_many": Problem(
        what="사진이 너무 많아요.", do="한 번에 {max_photos}장까지 보내 주세요."
    ),
    "face_not_found": Problem(
        what="얼굴을 찾지 못했어요.",
        do="밝은 곳에서 카메라를 똑바로 들고, 가까이에서 정면을 보며 다시 찍어 주세요.",
    ),
    "face_several": Problem(what="얼굴이 {count}개 보여요.", do="한 사람만 나오게 찍어 주세요."),
    "face_too_small": Problem(what="얼굴이 작아요.", do="더 가까이서 찍어 주세요."),
    "face_cut_off": Problem(
        what="얼굴이 사진 밖으로 잘렸어요.", do="이마부터 턱까지 다 나오게 찍어 주세요."
    ),
    "request_invalid": Problem(
        what="서버가 요청을 이해하지 못했어요.", do="새로 고친 뒤 다시 해 주세요."
    ),
    "unauthorised": Problem(
        what="분석 서버가 이 앱을 받아 주지 않아요.",
        do="앱과 서버의 열쇠가 같은지 운영자가 확인해야 해요.",
    ),
    "not_ready": Problem(what="분석 서버가 준비하고 있어요.", do="몇 초 뒤에 다시 눌러 주세요."),
    "overloaded": Problem(
        what="분석 서버가 다른 사진들로 바빠요.", do="{retry_after_s}초 뒤에 다시 눌러 주세요."
    ),
    "upload_too_slow": Problem(
        what="사진이 제때 도착하지 않았어요.",
        do="더 나은 연결에서, 또는 더 작은 사진으로 다시 해 주세요.",
    ),
    "internal": Problem(what="분석 서버에 문제가 생겼어요.", do="잠시 뒤 다시 해 주세요."),
    "server_away": Problem(
        what="지금 분석할 수 없어요. 분석 서버가 대답하지 않아요.", do="1분 뒤 다시 눌러 주세요."
    ),
    "server_answer": Problem(
        what="분석 서버의 대답을 읽을 수 없어요.",
        do="앱과 서버의 판이 같은지 운영자가 확인해야 해요.",
    ),
    "unknown": Problem(what="알 수 없는 문제가 생겼어요. ({code})", do="잠시 뒤 다시 해 주세요."),
    "login_id_invalid": Problem(
        what="쓸 수 없는 아이디예요.",
        do="{minimum}–{maximum}자로 글자, 숫자와 . _ - 만 써 주세요.",
    ),
    "login_id_taken": Problem(what="이미 있는 아이디예요.", do="다른 아이디를 써 주세요."),
    "password_weak.too_short": Problem(
        what="비밀번호가 짧아요.", do="{minimum}자 이상으로 써 주세요."
    ),
    "password_weak.too_long": Problem(
        what="비밀번호가 길어요.", do="{maximum}자 이하로 써 주세요."
    ),
    "password_weak.same_as_login_id": Problem(
        what="비밀번호가 아이디와 같아요.", do="아이디와 다르게 써 주세요."
    ),
    "password_weak.guessable": Problem(
        what="쉽게 알아맞힐 수 있는 비밀번호예요.", do="여러 단어를 이어 쓰거나 더 길게 써 주세요."
    ),
    "credentials_wrong": Problem(what="아이디 또는 비밀번호가 달라요.", do="다시 확인해 주세요."),
    "note_too_long": Problem(what="메모가 길어요.", do="{maximum}자 이하로 줄여 주세요."),
    "note_changed": Problem(
        what="이 측정에 다른 메모가 저장돼 있어요.",
        do=(
            "다른 창이나 기기에서 저장했을 수 있어요. 쓰던 메모는 입력란에 그대로 있고, "
            "저장하면 아래 메모를 대신해요."
        ),
    ),
    "day_outside": Problem(
        what="이 날은 사진을 찍은 날일 수 없어요.", do="{first}부터 {last}까지의 날을 골라 주세요."
    ),
    "password_wrong": Problem(what="현재 비밀번호가 달라요.", do="다시 확인해 주세요."),
    "recovery_code_wrong": Problem(
        what="아이디 또는 복구 코드가 달라요.", do="이미 쓴 코드가 아닌지 확인해 주세요."
    ),
    "too_many_attempts": Problem(
        what="로그인 시도가 너무 많았어요.",
        do="{minutes}분 뒤에 다시 해 주세요. 그때까지는 맞는 비밀번호도 받지 않아요.",
    ),
    "too_many_attempts.sign_up": Problem(
        what="이 네트워크에서 가입이 너무 많았어요.", do="{minutes}분 뒤에 다시 해 주세요."
    ),
    "session_ended": Problem(
        what="로그인이 끝났어요.",
        do="기간이 지났거나 다른 곳에서 로그아웃했어요. 다시 로그인해 주세요.",
    ),
    "photo_key_unusable.missing": Problem(
        what="여기에서는 아직 사진을 보관할 수 없어요.",
        do="사진을 암호화할 열쇠(SKINXAI_PHOTO_KEY)를 운영자가 정해야 해요.",
    ),
    "photo_key_unusable.unreadable": Problem(
        what="지금은 사진을 보관할 수 없어요.",
        do="데이터베이스 옆의 photo.key 파일을 운영자가 확인해야 해요.",
    ),
    "photo_store_unusable.missing": Problem(
        what="여기에서는 아직 사진을 보관할 수 없어요.",
        do="사진을 둘 곳(SKINXAI_PHOTO_STORE)을 운영자가 정해야 해요.",
    ),
    "photo_store_unusable.folder": Problem(
        what="지금은 사진을 보관하거나 볼 수 없어요.",
        do="사진 폴더(SKINXAI_PHOTO_STORE)와 권한을 운영자가 확인해야 해요.",
    ),
    "photo_store_unusable.away": Problem(
        what="사진 저장소가 응답하지 않아요.",
        do="나중에 다시 해 주세요. 계속되면 운영자에게 알려 주세요(SKINXAI_PHOTO_STORE). "
        "등급과 점수는 그대로예요.",
    ),
    "photo_store_unusable.not_kept": Problem(
        what="사진 저장소가 응답하지 않아 이번 사진을 보관하지 못했어요.",
        do="등급과 점수는 저장했어요. 사진도 남기려면 나중에 다시 측정해 주세요. "
        "계속되면 운영자에게 알려 주세요(SKINXAI_PHOTO_STORE).",
    ),
    "kept_photo_unreadable.lost": Problem(
        what="보관한 사진이 제자리에 없어요.",
        do="운영자가 되돌려 놓으면 다시 볼 수 있어요. 등급과 점수는 그대로예요.",
    ),
    "kept_photo_unreadable": Problem(
        what="보관한 사진을 열 수 없어요.",
        do="사진을 암호화한 열쇠가 없어요. 운영자가 열쇠를 되돌려 놓으면 다시 볼 수 있어요. "
        "등급과 점수는 그대로예요.",
    ),
    "ticket_unusable": Problem(
        what="로그인을 마치지 못했어요.",
        do="이미 쓰였거나 시간이 지난 로그인 주소예요. 다시 로그인해 주세요.",
    ),
    "database_unusable": Problem(what="기록을 읽거나 쓸 수 없어요.", do="잠시 뒤 다시 해 주세요."),
}

ADVICE: Final = {
    "move_closer": "더 가까이서 찍어 주세요.",
    "whole_face": "얼굴 전체가 나오게 찍어 주세요.",
    "turn_left": "고개를 왼쪽으로 조금 돌려 주세요.",
    "turn_right": "고개를 오른쪽으로 조금 돌려 주세요.",
    "chin_up": "턱을 조금 들어 주세요.",
    "chin_down": "턱을 조금 내려 주세요.",
    "tilt_left": "고개를 왼쪽으로 조금 기울여 주세요.",
    "tilt_right": "고개를 오른쪽으로 조금 기울여 주세요.",
    "open_eyes": "눈을 뜨고 찍어 주세요.",
    "hold_still": "렌즈를 닦고 멈춰서 찍어 주세요.",
    "more_light": "더 밝은 곳에서 찍어 주세요.",
    "less_light": "빛이 덜 강한 곳에서 찍어 주세요.",
    "light_from_left": "빛이 왼쪽에서 와요. 창을 마주 보고 찍어 주세요.",
    "light_from_right": "빛이 오른쪽에서 와요. 창을 마주 보고 찍어 주세요.",
    "light_from_above": "빛이 위에서 와요. 창을 마주 보고 찍어 주세요.",
    "light_from_below": "빛이 아래에서 와요. 창을 마주 보고 찍어 주세요.",
    "white_light": "빛에 색이 있어요. 햇빛에서 찍어 주세요.",
    "uncover": "머리카락, 안경, 마스크가 얼굴을 가리지 않게 해 주세요.",
    "no_filter": "보정 필터를 끄고 찍어 주세요.",
    "original_file": "대화방에서 받은 사본 말고 원본 사진을 골라 주세요.",
}
