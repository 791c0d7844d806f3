"""The screen in English."""

from __future__ import annotations

from typing import Final

from frontend.grading import Direction, Status
from frontend.i18n.english_problems import ADVICE, PROBLEMS
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

_AMOUNT: Final = ("Almost none", "Slight", "Moderate", "Marked", "Very marked")

_ATTRIBUTES: Final = {
    Attribute.OIL: AttributeWords(
        name="Oil",
        short="Oil",
        lowest="Matte",
        highest="Oily",
        grades=("Very low", "Low", "Balanced", "High", "Very high"),
        seen="Where shine was seen",
        unseen="No shine stood out",
        alternative="Photo of the face, painted blue where shine was seen",
    ),
    Attribute.HYDRATION: AttributeWords(
        name="Hydration",
        short="Hydration",
        lowest="Dry",
        highest="Moist",
        grades=("Very dry", "Dry", "Fair", "Moist", "Very moist"),
        seen="Where dryness was seen",
        unseen="No dryness stood out",
        alternative="Photo of the face, painted blue where dryness was seen",
    ),
    Attribute.WRINKLE: AttributeWords(
        name="Wrinkle",
        short="Wrinkle",
        lowest="Fewer",
        highest="More",
        grades=_AMOUNT,
        seen="Where lines were seen",
        unseen="No lines stood out",
        alternative="Photo of the face, painted blue where lines were seen",
    ),
    Attribute.PIGMENTATION: AttributeWords(
        name="Pigmentation",
        short="Pigment",
        lowest="Fewer",
        highest="More",
        grades=_AMOUNT,
        seen="Where spots were seen",
        unseen="No spots stood out",
        alternative="Photo of the face, painted blue where spots were seen",
    ),
    Attribute.SENSITIVITY: AttributeWords(
        name="Sensitivity",
        short="Sensitive",
        lowest="Calm",
        highest="Reactive",
        grades=("Very low", "Low", "Moderate", "High", "Very high"),
        seen="Where redness was seen",
        unseen="No redness stood out",
        alternative="Photo of the face, painted blue where redness was seen",
    ),
}

ENGLISH: Final = Words(
    code="en",
    endonym="English",
    app="Skin Notes",
    not_medical="Not a medical device. Not for diagnosis or treatment.",
    day="{day} {name} {year}",
    short_day="{day} {name}",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    menu=Menu(
        check="Check",
        history="History",
        about="About",
        account="Account",
        result="Result",
        sample="Sample result",
    ),
    login=Login(
        promise="Your skin today, from one photo",
        points=(
            "Oil, hydration, wrinkle, pigmentation and sensitivity, graded 0–4.",
            "A map on your face shows where each sign was seen.",
            "Every check adds to a chart of how your skin changes.",
            "Only numbers are stored. Photos are kept only if you switch that on.",
        ),
        log_in="Log in",
        sign_up="Sign up",
        choice="Log in or sign up",
        login_id="ID",
        password="Password",
        try_sample="Try with a sample face",
        sample_alternative="Photo of a sample face",
        sample_credit="A generated face. It belongs to nobody.",
        entering="Signing you in…",
        leaving="Logging you out…",
    ),
    capture=capture.ENGLISH,
    progress=progress.ENGLISH,
    meaning=meaning.ENGLISH,
    places=places.ENGLISH,
    check=Check(
        title="Check your skin",
        lead="One photo of your face is enough.",
        tips_title="How to take a good photo",
        tips=(
            "Face even light",
            "No make-up, glasses or mask",
            "Relaxed face, look straight ahead",
        ),
        example="A good example: a face looking straight ahead in even light",
        upload_label="Photo of your face",
        upload_hint="JPG, PNG, WEBP, HEIC or AVIF up to {max_mb} MB",
        upload_button="Choose a photo",
        taken_on="Taken on",
        analyse="Analyse and save",
        try_sample="Try with a sample face",
        not_kept="Your photo is used for the analysis and not stored.",
        see_result="See the result",
    ),
    result=Result(
        title="Your result",
        title_other_day="Your result",
        title_earlier="Earlier result",
        title_sample="Sample result",
        which_map="Which map to show",
        view="View",
        view_map="Map",
        view_photo="Photo",
        opacity="Map strength",
        lowest="Hide evidence below",
        faint="Faint",
        clear="Clear",
        scale_note="One scale for all dates; darkest blue: as clear as a sign gets.",
        all_maps="The five maps side by side",
        photo_alternative="Photo of the face, cut out with the eyes level",
        track=(
            "{name}: grade {grade}, {word}. {direction}. {status}. "
            "Score {score}, likely range {low}–{high}."
        ),
        track_before="Previous score {before}.",
        range_note=("Light and angle can change the result. The pale bar is the likely range."),
        simulated_note="Experimental: so far these grades were checked on simulated skin alone.",
        evened_note="Evened out before grading: {what}. The picture shows your photo as it is.",
        evened={
            Evened.DARKNESS: "too little light",
            Evened.COLOUR: "coloured light",
            Evened.SIDE: "light from one side",
        },
        quality="Photo",
        quality_advice="For the next photo",
        not_counted="This check does not count in your trend.",
        no_picture="The picture is gone",
        no_picture_why=(
            "Your face and its maps are shown right after a check. Later they can be seen only if "
            "keeping photos was switched on in your account. Grades and scores stay."
        ),
        see_trend="See trend",
        retake="Retake",
        sample_note="This is a sample; it isn't saved.",
        start="Check my own skin",
        not_found="This result can't be found",
        not_found_do="The address may be wrong, or the result belongs to somebody else.",
        to_history="See history",
        before="Previous check",
    ),
    history=History(
        title="History",
        all="All",
        which="Which trend to show",
        period="Period",
        periods=("1 month", "3 months", "1 year", "All time"),
        custom="Choose",
        custom_label="First and last day",
        none_in_period="No checks in this period. Try a longer one.",
        past="Past checks",
        date="Date",
        cell="{name}: grade {grade}, {word}, {status}",
        empty="No checks yet",
        empty_why="After your first check, grades and trends appear here.",
        start="Start first check",
        count="{count} in all",
    ),
    platform=platform.ENGLISH,
    trend=trend.ENGLISH,
    visit=visit.ENGLISH,
    compare=compare.ENGLISH,
    comparable=comparable.ENGLISH,
    differences=differences.ENGLISH,
    report=report.ENGLISH,
    account=Account(
        title="Account",
        signed_in="Signed in as",
        language="Language",
        log_out="Log out",
        data_title="What is stored",
        data=(
            "Your ID, your password in a form nobody can read, and the dates, grades and scores "
            "of your checks, with pose, light and sharpness of each photo in numbers.",
            "The kind of each signed-in device and when it was last used, and, against guessing, "
            "how often logging in failed lately.",
            "Photos and maps are stored only while you keep them, and encrypted.",
        ),
    ),
    access=access.ENGLISH,
    keeping=keeping.ENGLISH,
    about=About(
        title="About",
        scale_title="How to read the grades",
        scale=(
            "Each of the five attributes is graded from 0 to 4: the amount of what its name says. "
            "Which way is better differs, so the five are never averaged."
        ),
        scale_grade="Grade",
        map_title="Maps and bars",
        map=(
            "A map shows which parts of the face the network based its grade on (Grad-CAM): "
            "the deeper the colour, the stronger the evidence. The hydration map shows dryness.",
            "On a bar, the solid shape is the score, the dashed frame the good range and the pale "
            "bar the likely range, which holds 80% of what the network thinks possible. "
            "The hollow dot is the check before.",
            "In the history and in comparisons a change is called one only where it is larger than "
            "what 95 of 100 pairs of photos of the same skin differ by. That was measured on "
            "simulated faces; the pale bars and bands there are half of it to either side.",
            "The sentence below a bar says how sure the network is: of one grade, between two, or "
            "of none in particular.",
        ),
        limits_title="What it cannot do",
        limits=(
            "It is not a medical device and not for diagnosis or treatment. If something worries "
            "you, show it to a dermatologist.",
            "The networks learned from real faces with simulated signs painted on. Their grades "
            "have not been checked against experts' yet, so all of them are experimental.",
            "A photo can tell little about hydration and oil; a measuring device may disagree.",
            "Light, make-up, glasses, beards and camera filters change the result. Change is seen "
            "best in photos taken in the same place, the same way.",
        ),
        data_title="Photos and records",
        data=(
            "Your photo goes to this app and its analysis server and to nobody else. Both use it "
            "in memory and do not write it to disk. Most browsers make a large photo smaller "
            "first, which also takes out where and with what it was taken.",
            "The face and the maps right after a check are held in memory for a short while. After "
            "a reload or logging out nobody can see them, and they are soon cleared.",
            "Your account keeps dates, grades and scores, and in numbers how each photo was taken, "
            "to tell which checks can be compared; photos and maps only while you have "
            "that switched on, encrypted, and deleted as soon as you switch it off.",
            "At any time you can download everything, and delete single checks, photos or the "
            "whole account. The account goes at once, with all that belongs to it.",
        ),
        licences_title="Made with",
        licences=(
            "Typeface Pretendard © 2021 Kil Hyung-jin, SIL Open Font License 1.1.",
            "Face detector of the camera guide: MediaPipe by Google, Apache License 2.0.",
            "The sample face is an average of many people and belongs to nobody; its source "
            "photos are published under CC BY 4.0.",
        ),
    ),
    attributes=_ATTRIBUTES,
    directions={
        Direction.HIGH: "Better high",
        Direction.LOW: "Better low",
        Direction.MIDDLE: "Best in the middle",
    },
    statuses={
        Status.GOOD: "In a good range",
        Status.BETWEEN: "In between",
        Status.LOOK: "Worth a look",
    },
    verdicts={
        Verdict.GOOD: "Good",
        Verdict.USABLE: "Usable",
        Verdict.RETAKE: "Better taken again",
    },
    evidence={
        Evidence.REAL: "Checked on real photos",
        Evidence.SIMULATED: "Experimental",
    },
    problems=PROBLEMS,
    advice=ADVICE,
)
