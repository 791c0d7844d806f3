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
        what="No face found.", do="Face the light, look straight ahead and retake."
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
    "credentials_wrong": Problem(what="ID or password doesn't match.", do="Check and try again."),
    "ticket_unusable": Problem(what="Signing in took too long.", do="Log in once more."),
    "database_unusable": Problem(
        what="Your history can't be read or written.", do="Try again in a moment."
    ),
}

ADVICE: Final = {
    "move_closer": "Move closer.",
    "more_light": "Find a brighter place.",
    "less_light": "Find softer light.",
    "hold_still": "Wipe the lens and hold still.",
}
