"""What can go wrong and what to do about it, in English."""

from __future__ import annotations

from typing import Final

from frontend.i18n.words import Problem

PROBLEMS: Final = {
    "photo_missing": Problem(what="There is no photo.", do="Choose a photo of your face."),
    "photo_empty": Problem(
        what="The file is empty.", do="Choose the photo again or take a new one."
    ),
    "photo_too_large": Problem(
        what="The photo is too large.", do="Choose one of up to {max_mb} MB."
    ),
    "photo_too_many_pixels": Problem(
        what="The photo has too many pixels.",
        do="Choose one of up to {max_megapixels} megapixels.",
    ),
    "photo_unreadable": Problem(
        what="This file can't be read as a photo.",
        do="It may be damaged. Choose another one.",
    ),
    "photo_format_unsupported": Problem(
        what="This format can't be used.", do="Choose a JPG, PNG, WEBP, HEIC or AVIF photo."
    ),
    "photos_too_many": Problem(
        what="These are too many photos.", do="Send up to {max_photos} at once."
    ),
    "face_not_found": Problem(
        what="No face found.",
        do="Hold the camera upright and close, face the light, look straight ahead and retake.",
    ),
    "face_several": Problem(
        what="{count} faces found.", do="Make sure only one person is in the photo."
    ),
    "face_too_small": Problem(what="Your face is too small.", do="Move closer."),
    "face_cut_off": Problem(
        what="Your face is cut off at the edge.", do="Keep it inside from forehead to chin."
    ),
    "request_invalid": Problem(
        what="The server didn't understand the request.", do="Reload the page and try again."
    ),
    "unauthorised": Problem(
        what="The analysis server doesn't accept this app.",
        do="Its operator has to check that both have the same key.",
    ),
    "not_ready": Problem(
        what="The analysis server is still starting.", do="Try again in a few seconds."
    ),
    "overloaded": Problem(
        what="The analysis server is busy with other photos.",
        do="Try again in {retry_after_s} s.",
    ),
    "upload_too_slow": Problem(
        what="The photo took too long to arrive.",
        do="Try again over a better connection, or with a smaller photo.",
    ),
    "internal": Problem(
        what="Something went wrong on the analysis server.", do="Try again in a moment."
    ),
    "server_away": Problem(
        what="We can't analyse now: the analysis server doesn't answer.",
        do="Try again in a minute.",
    ),
    "server_answer": Problem(
        what="The analysis server's answer can't be read.",
        do="Its operator has to check that app and server are the same version.",
    ),
    "unknown": Problem(what="Something unexpected happened. ({code})", do="Try again in a moment."),
    "login_id_invalid": Problem(
        what="This ID can't be used.",
        do="Use {minimum}–{maximum} letters, digits and . _ - alone.",
    ),
    "login_id_taken": Problem(what="This ID is taken.", do="Choose another one."),
    "password_weak.too_short": Problem(
        what="The password is too short.", do="Use at least {minimum} characters."
    ),
    "password_weak.too_long": Problem(
        what="The password is too long.", do="Use at most {maximum} characters."
    ),
    "password_weak.same_as_login_id": Problem(
        what="The password is the same as the ID.", do="Make them differ."
    ),
    "password_weak.guessable": Problem(
        what="The password is easy to guess.", do="Use a few words in a row, or a longer one."
    ),
    "credentials_wrong": Problem(what="ID or password doesn't match.", do="Check and try again."),
    "note_too_long": Problem(
        what="The note is too long.", do="Shorten it to {maximum} characters."
    ),
    "note_changed": Problem(
        what="Another note is saved on this check.",
        do=(
            "It may come from another window or device. What you typed is still in the field; "
            "saving it replaces the note below."
        ),
    ),
    "day_outside": Problem(
        what="The photo can't be of this day.", do="Choose a day from {first} to {last}."
    ),
    "password_wrong": Problem(what="That isn't your current password.", do="Check and try again."),
    "recovery_code_wrong": Problem(
        what="ID or recovery code doesn't match.", do="Make sure the code wasn't used before."
    ),
    "too_many_attempts": Problem(
        what="There were too many attempts to log in.",
        do="Wait {minutes} min, then try again. Until then even the right password is refused.",
    ),
    "too_many_attempts.sign_up": Problem(
        what="Too many accounts were made from this network.",
        do="Wait {minutes} min, then try again.",
    ),
    "session_ended": Problem(
        what="You are no longer signed in.",
        do="The sign-in expired or was ended elsewhere. Log in once more.",
    ),
    "photo_key_unusable.missing": Problem(
        what="Photos can't be kept here yet.",
        do="The operator of this app hasn't set the key that encrypts them (SKINXAI_PHOTO_KEY).",
    ),
    "photo_key_unusable.unreadable": Problem(
        what="Photos can't be kept right now.",
        do="The operator of this app has to look after the file photo.key beside the database.",
    ),
    "photo_store_unusable.missing": Problem(
        what="Photos can't be kept here yet.",
        do="The operator of this app hasn't set the place for them (SKINXAI_PHOTO_STORE).",
    ),
    "photo_store_unusable.folder": Problem(
        what="Photos can't be kept or shown right now.",
        do="The operator of this app has to look after the folder for photos "
        "(SKINXAI_PHOTO_STORE) and its rights.",
    ),
    "photo_store_unusable.away": Problem(
        what="The place where photos are kept doesn't answer.",
        do="Try again later; if it stays so, tell the operator of this app "
        "(SKINXAI_PHOTO_STORE). Grades and scores are not affected.",
    ),
    "photo_store_unusable.not_kept": Problem(
        what="The photo of this check could not be kept: its place doesn't answer.",
        do="Grades and scores are saved. To keep a photo, check once more later; if it stays so, "
        "tell the operator of this app (SKINXAI_PHOTO_STORE).",
    ),
    "kept_photo_unreadable.lost": Problem(
        what="The kept photo isn't where it was kept.",
        do="If the operator of this app puts it back, it is shown again; grades and scores are "
        "not affected.",
    ),
    "kept_photo_unreadable": Problem(
        what="The kept photo can't be opened.",
        do="The key that encrypted it is missing. If the operator of this app puts it back, the "
        "photo is back too; grades and scores are not affected.",
    ),
    "ticket_unusable": Problem(
        what="Signing in didn't finish.",
        do="That address was used before or is too old. Log in once more.",
    ),
    "database_unusable": Problem(
        what="Your history can't be read or written.", do="Try again in a moment."
    ),
}

ADVICE: Final = {
    "move_closer": "Move closer.",
    "whole_face": "Bring your whole face into the picture.",
    "turn_left": "Turn your head a little to your left.",
    "turn_right": "Turn your head a little to your right.",
    "chin_up": "Lift your chin a little.",
    "chin_down": "Lower your chin a little.",
    "tilt_left": "Tilt your head a little to your left.",
    "tilt_right": "Tilt your head a little to your right.",
    "open_eyes": "Keep your eyes open.",
    "hold_still": "Wipe the lens and hold still.",
    "more_light": "Find a brighter place.",
    "less_light": "Find softer light.",
    "light_from_left": "The light comes from your left: face the window.",
    "light_from_right": "The light comes from your right: face the window.",
    "light_from_above": "The light comes from above: face the window.",
    "light_from_below": "The light comes from below: face the window.",
    "white_light": "The light is coloured: use daylight.",
    "uncover": "Take hair, glasses or a mask off your face.",
    "no_filter": "Turn beauty filters off.",
    "original_file": "Send the photo itself, not a copy from a chat.",
}
