"""The migrations make the tables that the code expects, once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, inspect, text

from frontend.accounts import Accounts, User
from frontend.errors import DatabaseUnusableError
from frontend.moments import utc_now
from frontend.store import Repository, open_database
from frontend.store.engine import make_engine
from frontend.store.migrations import configuration, upgrade
from frontend.store.pictures import promise
from frontend.store.tables import kept_pictures, metadata
from tests.support.saver import new_visit

NAMES = {
    "kept_pictures", "log_in_failures", "recovery_codes", "session_tickets", "sessions", "users",
    "visit_results", "visits",
}  # fmt: skip


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


def version_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def shape_of(engine: Engine) -> dict[str, Any]:
    """Everything about the tables that the database itself can tell."""
    inspector = inspect(engine)

    def in_order(parts: Any) -> list[str]:
        return sorted(str(sorted(part.items(), key=str)) for part in parts)

    return {
        name: {
            "columns": [str(sorted(c.items(), key=str)) for c in inspector.get_columns(name)],
            "key": inspector.get_pk_constraint(name),
            "foreign": in_order(inspector.get_foreign_keys(name)),
            "unique": in_order(inspector.get_unique_constraints(name)),
            "check": in_order(inspector.get_check_constraints(name)),
            "indexes": in_order(inspector.get_indexes(name)),
        }
        for name in sorted(NAMES)
    }


def test_an_empty_database_gets_its_tables_at_start(empty: Engine) -> None:
    upgrade(empty)
    assert set(inspect(empty).get_table_names()) == NAMES | {"alembic_version"}


def test_alembic_finds_no_difference_between_migrations_and_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        command.check(configuration(connection))


@pytest.mark.usefixtures("database_file")
def test_migrating_makes_what_creating_the_tables_directly_makes(
    engine: Engine, empty: Engine
) -> None:
    metadata.create_all(empty)
    shape = shape_of(engine)
    assert shape == shape_of(empty)
    # Alembic's own comparison leaves out the conditions on values, so see that they are there.
    assert len(shape["visit_results"]["check"]) == 4
    assert len(shape["visits"]["check"]) == 3


def test_the_second_start_changes_nothing(engine: Engine, database_file: Path) -> None:
    user = Accounts(engine).sign_up("minji", "correct horse")
    before = shape_of(engine), version_of(engine)
    upgrade(engine)
    again = open_database(f"sqlite:///{database_file}")
    assert (shape_of(again), version_of(again)) == before
    assert Accounts(again).log_in("minji", "correct horse") == user
    again.dispose()


def test_going_back_to_the_start_leaves_no_table(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) > NAMES


def test_photos_of_the_version_before_are_where_they_were_and_go_back_from_there(
    engine: Engine, minji: User
) -> None:
    repository = Repository(engine)
    first, second = (repository.save_visit(minji.id, new_visit()).id for _ in range(2))
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0002")
        before = {first: b"\x01keyXnonce, ciphertext", second: b"\x01keyY and so on"}
        for visit_id, sealed in before.items():
            connection.execute(
                text("INSERT INTO visit_pictures (visit_id, sealed) VALUES (:visit_id, :sealed)"),
                {"visit_id": visit_id, "sealed": sealed},
            )
    upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(kept_pictures.select()).all()
    assert {row.visit_id: row.sealed for row in rows} == before
    assert {row.visit_id: row.beginning for row in rows} == {
        first: b"\x01keyX", second: b"\x01keyY",
    }  # fmt: skip
    assert {len(row.key) for row in rows} == {32}
    assert len({row.key for row in rows}) == 2

    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0002")
        after = connection.execute(text("SELECT visit_id, sealed FROM visit_pictures")).all()
        assert {row.visit_id: bytes(row.sealed) for row in after} == before
    upgrade(engine)


def test_photos_in_the_store_do_not_go_back_and_are_not_lost(engine: Engine) -> None:
    with engine.begin() as connection:
        promise(connection, beginning=b"\x01keyX", now=utc_now())
    with (
        pytest.raises(CommandError, match="would be lost"),
        engine.begin() as connection,
    ):
        command.downgrade(configuration(connection), "0002")
    with engine.connect() as connection:
        assert len(connection.execute(kept_pictures.select()).all()) == 1
    assert version_of(engine) == "0005"


def test_scores_of_the_version_before_have_no_standard_error(engine: Engine, minji: User) -> None:
    repository = Repository(engine)
    saved = repository.save_visit(minji.id, new_visit())
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0003")
        columns = {column["name"] for column in inspect(connection).get_columns("visit_results")}
    assert "standard_error" not in columns
    upgrade(engine)
    (found,) = repository.visits(minji.id)
    assert {result.standard_error for result in found.results.values()} == {None}
    assert found == saved


def test_visits_of_the_version_before_keep_their_scores_and_say_nothing_of_the_photo(
    engine: Engine, minji: User
) -> None:
    repository = Repository(engine)
    saved = repository.save_visit(minji.id, new_visit())
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0004")
        columns = {column["name"] for column in inspect(connection).get_columns("visits")}
    assert not {"circumstances", "graded_before"} & columns
    upgrade(engine)
    (found,) = repository.visits(minji.id)
    assert (found.circumstances, found.graded_before) == (None, ())
    assert found.results == saved.results


def test_the_migrations_are_one_line_without_branches(engine: Engine) -> None:
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
    assert script.get_heads() == [version_of(engine)]
    assert script.get_bases() == ["0001"]


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusableError, match="made by a newer version"):
        upgrade(engine)


def test_copies_of_the_app_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'shared.db'}"
    program = "import sys; from frontend.store import open_database; open_database(sys.argv[1])"
    copies = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for copy in copies:
        _, complaint = copy.communicate(timeout=60)
        assert copy.returncode == 0, complaint
    engine = open_database(url)
    assert version_of(engine) == "0005"
    engine.dispose()
