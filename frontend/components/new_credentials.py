"""The rules for a new ID and a new password, ticked off while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from frontend.i18n import Words
from frontend.login_rules import (
    LOGIN_ID_MAXIMUM,
    LOGIN_ID_MINIMUM,
    PASSWORD_MAXIMUM,
    PASSWORD_MINIMUM,
)

_SCRIPT: Final = Path(__file__).parents[1] / "assets" / "sign_up_rules.js"


def show_id_rules(words: Words, *, id_key: str) -> None:
    """The rules for a new ID, below its field.

    Args:
        words: The language.
        id_key: Key of the field.
    """
    rules = zip(("idLength", "idLetters"), words.access.id_rules, strict=True)
    fields: dict[str, str | int] = {
        "id": id_key,
        "minimum": LOGIN_ID_MINIMUM,
        "maximum": LOGIN_ID_MAXIMUM,
    }
    _show(words, dict(rules), fields)


def show_password_rules(
    words: Words, *, password_key: str, id_key: str = "", login_id: str = ""
) -> None:
    """The rules for a new password, below its field.

    Args:
        words: The language.
        password_key: Key of the field.
        id_key: Key of the field for the ID, where one is on the page.
        login_id: The ID, where it is known already.
    """
    rules = zip(("passwordLength", "passwordDiffers"), words.access.password_rules, strict=True)
    fields: dict[str, str | int] = {
        "id": id_key,
        "known": login_id,
        "password": password_key,
        "minimum": PASSWORD_MINIMUM,
        "maximum": PASSWORD_MAXIMUM,
    }
    _show(words, dict(rules), fields)
    st.caption(words.access.password_hint)


def tick_rules() -> None:
    """Start ticking; the fields and the rules have to be on the page."""
    st.html(f"<script>{_script()}</script>", unsafe_allow_javascript=True)


def _show(words: Words, rules: Mapping[str, str], fields: Mapping[str, str | int]) -> None:
    items = "".join(
        f'<li data-rule="{name}">{escape(rule.format_map(fields))} '
        '<span class="sn-unseen"></span></li>'
        for name, rule in rules.items()
    )
    told = {**fields, "word": words.access.rule_kept}
    data = "".join(f' data-{name}="{escape(str(value))}"' for name, value in told.items())
    st.html(f'<ul class="sn-rules"{data}>{items}</ul>')


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")
