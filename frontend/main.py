"""The app's one script, run by Streamlit at every interaction: who is looking, at which page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from html import escape

import streamlit as st
from streamlit.navigation.page import Page

from frontend import visitor
from frontend.accounts import User
from frontend.client import ModelServer
from frontend.components.arrival import greet_person
from frontend.components.failing_database import telling_of_a_failing_database
from frontend.components.typed_notes import hold_typed_notes
from frontend.i18n import Words, catalogue
from frontend.memory import Memory, open_memory
from frontend.screen import Pages, Screen, SignedIn
from frontend.services import Services, services
from frontend.theme import FAVICON, apply_style, logo, say_language
from frontend.uploads import hold_upload
from frontend.views import about, account, check, compare, history, login, lost, result, sample


def main() -> None:
    """Draw the page that the address names."""
    shared, memory = services(), open_memory()
    language = memory.language or visitor.chosen_language()
    words = catalogue(language)
    with telling_of_a_failing_database(words):
        user = visitor.current_user(shared.sessions)
        _draw(words, shared, memory, user)
    say_language(words, remember=memory.language is not None)


def _draw(words: Words, shared: Services, memory: Memory, user: User | None) -> None:
    if user is None and memory.owner is not None:
        # Logged out elsewhere: whoever does it here has left this page before.
        hold_typed_notes(shared, memory.owner)
    memory.belong_to(None if user is None else user.id)

    def open_page(view: Callable[[Screen], None]) -> None:
        view(
            Screen(
                words=words,
                services=shared,
                server=ModelServer(
                    url=shared.settings.server_url,
                    api_key=shared.settings.api_key,
                    timeout_s=shared.settings.server_timeout_s,
                ),
                memory=memory,
                time_zone=visitor.time_zone(),
                pages=pages,
            )
        )

    pages = _pages(words, user, open_page)
    current = st.navigation(
        [
            pages.check,
            pages.history,
            pages.compare,
            pages.account,
            pages.about,
            pages.result,
            pages.sample,
            *_page_for_lost(words, pages, open_page),
        ],
        position="hidden" if user is None else "top",
    )
    st.set_page_config(
        page_title=f"{current.title} · {words.app}", page_icon=str(FAVICON), layout="centered"
    )
    st.logo(logo(words), size="medium")
    apply_style(words, max_photo_mb=shared.settings.max_photo_mb)
    if user is None or current.url_path != pages.check.url_path:
        # Leaving the page takes its photo off the screen, and so does logging out elsewhere;
        # nobody could analyse it any more.
        hold_upload(memory, None)
    if user is not None:
        greet_person(words, user)
    with telling_of_a_failing_database(words):
        current.run()
        memory.said = None
    _show_footer(words, pages)
    if user is not None:
        _show_bottom_navigation(pages)


def _pages(
    words: Words, user: User | None, open_page: Callable[[Callable[[Screen], None]], None]
) -> Pages:
    """All pages at their addresses, signed in or not, so that an address survives logging in."""

    def private(
        view: Callable[[SignedIn], None], title: str, path: str, *, hidden: bool = False
    ) -> Page:
        def draw(screen: Screen) -> None:
            if user is None:
                login.show(screen, address=f"/{path}")
            else:
                view(SignedIn(screen=screen, user=user))

        return public(draw, title, path, hidden=hidden)

    def public(
        view: Callable[[Screen], None], title: str, path: str, *, hidden: bool = False
    ) -> Page:
        # No icon: the browser would fetch it from a font service as the page's favicon. The style
        # sheet puts the menu's icons in, from the font that Streamlit brings along.
        return st.Page(
            lambda: open_page(view),
            title=title,
            url_path=path,
            default=path == "",
            visibility="hidden" if hidden else "visible",
        )

    return Pages(
        check=private(check.show, words.menu.check, ""),
        history=private(history.show, words.menu.history, "history"),
        compare=private(compare.show, words.compare.menu, "compare"),
        about=public(
            lambda screen: about.show(screen, signed_in=user is not None),
            words.menu.about,
            "about",
        ),
        account=private(account.show, words.menu.account, "account"),
        result=private(result.show, words.menu.result, "result", hidden=True),
        sample=public(sample.show, words.menu.sample, "sample", hidden=True),
    )


def _page_for_lost(
    words: Words, pages: Pages, open_page: Callable[[Callable[[Screen], None]], None]
) -> list[Page]:
    """A page at the address that was asked for, where there is none.

    Otherwise Streamlit would open a dialog of its own over the first page.
    """
    path = visitor.page_path()
    known = {getattr(pages, field.name).url_path for field in dataclasses.fields(pages)}
    if path in known or not path.isprintable() or path != path.strip():
        return []
    return [
        st.Page(
            lambda: open_page(lost.show),
            title=words.platform.no_page,
            url_path=path,
            visibility="hidden",
        )
    ]


def _show_footer(words: Words, pages: Pages) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="footer"):
        st.html(f'<p class="sn-note">{escape(words.not_medical)}</p>')
        with st.container(key="about_link", width="content"):
            st.page_link(pages.about)


def _show_bottom_navigation(pages: Pages) -> None:
    """The menu at a thumb's reach; the style sheet shows it on phones alone."""
    with st.bottom, st.container(horizontal=True, wrap=False, key="bottom_nav"):
        for page, icon in (
            (pages.check, "photo_camera"),
            (pages.history, "timeline"),
            (pages.compare, "compare"),
            (pages.account, "person"),
        ):
            st.page_link(page, icon=f":material/{icon}:", width="stretch")


if __name__ == "__main__":
    main()
