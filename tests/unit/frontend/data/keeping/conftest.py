"""What every test of kept photos begins with."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, insert, select

from frontend.accounts import Accounts, User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.kept_photos import KeptPhotos
from frontend.login_rules import Passwords
from frontend.moments import utc_now
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.photo_store import PhotoStore
from frontend.saving import new_visit
from frontend.store import NewVisit, Repository, Visit
from frontend.store.tables import kept_pictures
from frontend.vocabulary import Source
from tests.support.answers import analysis_answer
from tests.unit.frontend.data.conftest import Clock

ANALYSIS = parse_analysis(analysis_answer())


@pytest.fixture
def kept(engine: Engine, photo_store: PhotoStore, clock: Clock) -> KeptPhotos:
    return KeptPhotos(engine, parse_photo_keys(new_photo_key()), photo_store, now=clock)


@pytest.fixture
def repository(engine: Engine, kept: KeptPhotos, clock: Clock) -> Repository:
    return Repository(engine, erase=kept.erase, now=clock)


@pytest.fixture
def accounts(engine: Engine, passwords: Passwords, kept: KeptPhotos) -> Accounts:
    return Accounts(engine, passwords=passwords, erase=kept.erase)


def visit_data(request_key: str = "1") -> NewVisit:
    return new_visit(ANALYSIS, taken_at=utc_now(), source=Source.UPLOAD, request_key=request_key)


def save(repository: Repository, kept: KeptPhotos, user: User, request_key: str = "1") -> Visit:
    keep = kept.keeping(user.id, Pictures(ANALYSIS))
    return repository.save_visit(user.id, visit_data(request_key), keep=keep)


def rows(engine: Engine) -> int:
    """How many rows tell of pictures, whether or not a visit has them."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(kept_pictures)).scalar_one()


def put_into_the_database(engine: Engine, visit_id: str, sealed: bytes) -> None:
    """Keep a photo as the app did before there was a store."""
    values = {"key": "f" * 32, "visit_id": visit_id, "beginning": sealed[:5], "sealed": sealed}
    with engine.begin() as connection:
        connection.execute(insert(kept_pictures).values(values))
