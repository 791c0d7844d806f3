"""The screen in Korean."""

from __future__ import annotations

from typing import Final

from frontend.grading import Direction, Status
from frontend.i18n.korean_problems import ADVICE, PROBLEMS
from frontend.i18n.sections import (
    access,
    capture,
    comparable,
    compare,
    differences,
    keeping,
    meaning,
    places,
    platform,
    progress,
    report,
    trend,
    visit,
)
from frontend.i18n.words import (
    About,
    Account,
    AttributeWords,
    Check,
    History,
    Login,
    Menu,
    Result,
    Words,
)
from frontend.light_correction import Evened
from frontend.vocabulary import Attribute, Evidence, Verdict

_AMOUNT: Final = ("거의 없음", "약간", "보통", "뚜렷", "매우 뚜렷")

_ATTRIBUTES: Final = {
    Attribute.OIL: AttributeWords(
        name="유분",
        short="유분",
        lowest="보송",
        highest="번들",
        grades=("매우 적음", "적음", "균형", "많음", "매우 많음"),
        seen="번들거림이 보인 곳",
        unseen="번들거리는 곳이 없어요",
        alternative="번들거림이 보인 곳을 푸른색으로 칠한 얼굴 사진",
    ),
    Attribute.HYDRATION: AttributeWords(
        name="수분",
        short="수분",
        lowest="건조",
        highest="촉촉",
        grades=("매우 건조", "건조", "보통", "촉촉", "매우 촉촉"),
        seen="건조해 보인 곳",
        unseen="건조해 보이는 곳이 없어요",
        alternative="건조해 보인 곳을 푸른색으로 칠한 얼굴 사진",
    ),
    Attribute.WRINKLE: AttributeWords(
        name="주름",
        short="주름",
        lowest="적음",
        highest="많음",
        grades=_AMOUNT,
        seen="주름이 보인 곳",
        unseen="눈에 띄는 주름이 없어요",
        alternative="주름이 보인 곳을 푸른색으로 칠한 얼굴 사진",
    ),
    Attribute.PIGMENTATION: AttributeWords(
        name="색소",
        short="색소",
        lowest="적음",
        highest="많음",
        grades=_AMOUNT,
        seen="색소가 보인 곳",
        unseen="눈에 띄는 색소가 없어요",
        alternative="색소가 보인 곳을 푸른색으로 칠한 얼굴 사진",
    ),
    Attribute.SENSITIVITY: AttributeWords(
        name="민감도",
        short="민감도",
        lowest="낮음",
        highest="높음",
        grades=("매우 낮음", "낮음", "보통", "높음", "매우 높음"),
        seen="붉은기가 보인 곳",
        unseen="눈에 띄는 붉은기가 없어요",
        alternative="붉은기가 보인 곳을 푸른색으로 칠한 얼굴 사진",
    ),
}

KOREAN: Final = Words(
    code="ko",
    endonym="한국어",
    app="살결 노트",
    not_medical="의료기기가 아니며 진단·치료에 쓸 수 없어요.",
    day="{year}.{month:02}.{day:02}",
    short_day="{month:02}.{day:02}",
    months=tuple(f"{month}월" for month in range(1, 13)),
    menu=Menu(
        check="측정",
        history="기록",
        about="안내",
        account="내 정보",
        result="결과",
        sample="샘플 결과",
    ),
    login=Login(
        promise="사진 한 장으로 보는 오늘의 피부",
        points=(
            "유분·수분·주름·색소·민감도를 0–4등급으로 알려 드려요.",
            "어디를 보고 판단했는지 얼굴 위에 보여 드려요.",
            "측정할 때마다 변화가 그래프로 쌓여요.",
            "숫자만 기록해요. 사진은 직접 켤 때만 보관해요.",
        ),
        log_in="로그인",
        sign_up="가입",
        choice="로그인 또는 가입",
        login_id="아이디",
        password="비밀번호",
        try_sample="샘플 얼굴로 해 보기",
        sample_alternative="샘플 얼굴 사진",
        sample_credit="실제 인물이 아닌 합성 얼굴이에요.",
        entering="들어가고 있어요…",
        leaving="로그아웃하고 있어요…",
    ),
    capture=capture.KOREAN,
    progress=progress.KOREAN,
    meaning=meaning.KOREAN,
    places=places.KOREAN,
    check=Check(
        title="오늘의 피부 측정",
        lead="얼굴 사진 한 장이면 돼요.",
        tips_title="잘 찍는 법",
        tips=(
            "창가처럼 고른 빛을 정면에서 받기",
            "화장·안경·마스크 없이",
            "무표정으로 정면 보기",
        ),
        example="이렇게 나오면 좋아요: 고른 빛에서 정면을 본 얼굴",
        upload_label="얼굴 사진",
        upload_hint="{max_mb}MB 이하 JPG·PNG·WEBP·HEIC·AVIF",
        upload_button="사진 고르기",
        taken_on="찍은 날",
        analyse="분석하고 기록하기",
        try_sample="샘플 얼굴로 해 보기",
        not_kept="사진은 분석에만 쓰고 저장하지 않아요.",
        see_result="결과 보기",
    ),
    result=Result(
        title="오늘의 결과",
        title_other_day="측정 결과",
        title_earlier="지난 결과",
        title_sample="샘플 결과",
        which_map="어떤 지도를 볼까요",
        view="보기",
        view_map="분석",
        view_photo="원본",
        opacity="지도 진하기",
        lowest="이보다 약하면 숨김",
        faint="약하게",
        clear="뚜렷하게",
        scale_note="모든 날짜에 같은 눈금이에요. 가장 짙은 파랑이 가장 뚜렷한 정도예요.",
        all_maps="다섯 지도를 나란히",
        photo_alternative="눈높이에 맞춰 자른 얼굴 사진",
        track=(
            "{name} {grade}등급, {word}. {direction}. {status}. "
            "점수 {score}, 예상 범위 {low}–{high}."
        ),
        track_before="지난 점수 {before}.",
        range_note="빛과 각도에 따라 달라질 수 있어요. 흐린 막대는 예상 범위예요.",
        simulated_note=("실험 단계: 아직 시뮬레이션한 피부 사진으로만 확인한 등급이에요."),
        evened_note="등급을 매기기 전에 고르게 맞췄어요: {what}. 보이는 사진은 찍은 그대로예요.",
        evened={
            Evened.DARKNESS: "어두운 빛",
            Evened.COLOUR: "색이 있는 빛",
            Evened.SIDE: "한쪽에서 온 빛",
        },
        quality="사진 상태",
        quality_advice="다음에는 이렇게 찍어 주세요",
        not_counted="이 측정은 추세에 넣지 않아요.",
        no_picture="사진은 남아 있지 않아요",
        no_picture_why=(
            "얼굴 사진과 지도는 측정 직후에만 보여 드려요. 내 정보에서 사진 보관을 켜 두면 "
            "나중에도 볼 수 있어요. 등급과 점수는 기록에 남아요."
        ),
        see_trend="변화 보기",
        retake="다시 찍기",
        sample_note="샘플이라 기록되지 않아요.",
        start="내 피부 측정하기",
        not_found="기록을 찾을 수 없어요",
        not_found_do="주소가 바뀌었거나 다른 사람의 기록일 수 있어요.",
        to_history="기록 보기",
        before="지난 측정",
    ),
    history=History(
        title="기록",
        all="전체",
        which="어떤 변화를 볼까요",
        period="기간",
        periods=("1개월", "3개월", "1년", "전체 기간"),
        custom="직접 고르기",
        custom_label="시작일과 종료일",
        none_in_period="이 기간에는 기록이 없어요. 기간을 넓혀 보세요.",
        past="지난 측정",
        date="날짜",
        cell="{name} {grade}등급, {word}, {status}",
        empty="아직 기록이 없어요",
        empty_why="첫 측정을 마치면 여기에 등급과 변화가 쌓여요.",
        start="첫 측정 시작",
        count="모두 {count}번",
    ),
    platform=platform.KOREAN,
    trend=trend.KOREAN,
    visit=visit.KOREAN,
    compare=compare.KOREAN,
    comparable=comparable.KOREAN,
    differences=differences.KOREAN,
    report=report.KOREAN,
    account=Account(
        title="내 정보",
        signed_in="로그인한 아이디",
        language="언어",
        log_out="로그아웃",
        data_title="저장되는 것",
        data=(
            "아이디, 알아볼 수 없게 바꾼 비밀번호, 측정한 날짜와 등급·점수, 그리고 사진마다 "
            "자세와 빛, 선명함을 나타내는 숫자를 저장해요.",
            "로그인한 기기의 종류와 마지막으로 쓴 때, 그리고 비밀번호 추측을 막기 위해 "
            "최근에 로그인이 실패한 횟수를 저장해요.",
            "사진과 지도는 사진 보관을 켠 동안에만 암호화해서 저장해요.",
        ),
    ),
    access=access.KOREAN,
    keeping=keeping.KOREAN,
    about=About(
        title="안내",
        scale_title="등급 읽는 법",
        scale=(
            "다섯 항목을 각각 0–4등급으로 나타내요. 숫자는 이름이 가리키는 것의 양이에요. "
            "좋은 방향이 서로 달라서 다섯을 평균 내지 않아요."
        ),
        scale_grade="등급",
        map_title="지도와 막대",
        map=(
            "지도는 신경망이 등급을 매길 때 어디를 근거로 삼았는지 보여요(Grad-CAM). "
            "진할수록 근거가 강해요. 수분 지도는 건조해 보인 곳이에요.",
            "막대 위의 도형이 점수, 점선 안쪽이 좋은 범위, 흐린 막대가 예상 범위예요. "
            "예상 범위에는 신경망이 본 가능성의 80%가 들어 있어요. "
            "빈 동그라미는 바로 지난 측정이에요.",
            "기록과 비교에서는 같은 피부를 두 번 찍을 때 100번 중 95번 안에 드는 차이보다 클 때만 "
            "변화라고 해요. 이 차이는 시뮬레이션한 얼굴로 쟀어요. 두 화면의 흐린 막대와 띠는 "
            "그 절반을 양쪽에 그린 것이에요.",
            "막대 아래 문장은 신경망이 얼마나 확신하는지 알려 줘요. 한 등급이 확실한지, 두 등급 "
            "사이인지, 뚜렷하지 않은지예요.",
        ),
        limits_title="할 수 없는 것",
        limits=(
            "의료기기가 아니에요. 진단이나 치료에 쓸 수 없고, 걱정되는 것이 있으면 "
            "피부과 의사에게 보여 주세요.",
            "신경망은 실제 얼굴 사진 위에 징후를 그려 넣은 시뮬레이션으로 배웠어요. "
            "전문가가 매긴 등급으로는 아직 확인하지 않아서 모든 등급이 실험 단계예요.",
            "수분과 유분은 사진만으로 알기 어려워요. 기기로 잰 값과 다를 수 있어요.",
            "빛, 화장, 안경, 수염, 카메라의 보정이 결과를 바꿔요. "
            "같은 곳에서 같은 방법으로 찍을 때 변화를 가장 잘 볼 수 있어요.",
        ),
        data_title="사진과 기록",
        data=(
            "사진은 이 앱과 분석 서버에만 보내요. 두 곳 모두 메모리에서만 쓰고 디스크에 쓰지 "
            "않아요. 큰 사진은 대부분의 브라우저에서 먼저 줄어들고, 이때 찍은 곳과 기기 정보도 "
            "빠져요.",
            "분석 직후의 얼굴과 지도는 메모리에만 잠시 있어요. 새로 고치거나 로그아웃하면 "
            "누구도 볼 수 없고 곧 지워져요.",
            "계정에는 날짜와 등급·점수, 그리고 어떤 측정끼리 비교할 수 있는지 알려 드리려고 "
            "사진을 어떻게 찍었는지를 나타내는 숫자가 남아요. 사진과 지도는 사진 보관을 켠 "
            "동안에만 암호화해서 보관하고, 끄면 바로 지워요.",
            "언제든 모두 내려받을 수 있고 측정, 사진, 계정을 따로 지울 수 있어요. 계정을 지우면 "
            "딸린 것도 모두 바로 지워져요.",
        ),
        licences_title="쓰인 것",
        licences=(
            "글꼴 Pretendard © 2021 Kil Hyung-jin, SIL Open Font License 1.1.",
            "카메라 안내의 얼굴 검출기 MediaPipe(Google), Apache License 2.0.",
            "샘플 얼굴은 여러 사람을 평균 낸 합성 얼굴로, 누구의 얼굴도 아니에요. "
            "원본 사진은 CC BY 4.0으로 공개된 자료예요.",
        ),
    ),
    attributes=_ATTRIBUTES,
    directions={
        Direction.HIGH: "높을수록 좋아요",
        Direction.LOW: "낮을수록 좋아요",
        Direction.MIDDLE: "가운데가 좋아요",
    },
    statuses={
        Status.GOOD: "좋은 편",
        Status.BETWEEN: "중간",
        Status.LOOK: "살펴보기",
    },
    verdicts={
        Verdict.GOOD: "좋음",
        Verdict.USABLE: "쓸 만함",
        Verdict.RETAKE: "다시 찍기를 권해요",
    },
    evidence={
        Evidence.REAL: "실제 사진으로 확인",
        Evidence.SIMULATED: "실험 단계",
    },
    problems=PROBLEMS,
    advice=ADVICE,
)
