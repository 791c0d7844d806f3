"""Kept pictures become objects of a store; those that lie in the database stay there for now.

The app moves them into its store while it runs. Each row gets the random key that tells rows
apart from now on.
"""

from __future__ import annotations

import secrets
from typing import Final

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None

_KEPT: Final = sa.table(
    "kept_pictures",
    sa.column("key", sa.String),
    sa.column("visit_id", sa.String),
    sa.column("beginning", sa.LargeBinary),
    sa.column("sealed", sa.LargeBinary),
)
_BEFORE: Final = sa.table(
    "visit_pictures", sa.column("visit_id", sa.String), sa.column("sealed", sa.LargeBinary)
)


def upgrade() -> None:
    op.create_table(
        "kept_pictures",
        sa.Column("key", sa.String(32), nullable=False, comment="random name of the object"),
        sa.Column("visit_id", sa.String(32)),
        sa.Column("beginning", sa.LargeBinary(), nullable=False, comment="which key encrypted it"),
        sa.Column(
            "promised_at",
            sa.DateTime(timezone=True),
            comment="for a visit that is about to be saved",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            comment="of before there were objects: crop and maps, encrypted",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_kept_pictures"),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visits.id"],
            name="fk_kept_pictures_visit_id_visits",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("visit_id", name="uq_kept_pictures_visit_id"),
    )
    connection = op.get_bind()
    for visit_id in connection.execute(sa.select(_BEFORE.c.visit_id)).scalars().all():
        key = sa.literal(secrets.token_hex(16))
        sealed = _BEFORE.c.sealed
        # Five bytes tell the key that sealed it; the photo itself never leaves the database.
        moved = sa.select(key, _BEFORE.c.visit_id, sa.func.substr(sealed, 1, 5), sealed)
        connection.execute(
            sa.insert(_KEPT).from_select(
                ["key", "visit_id", "beginning", "sealed"],
                moved.where(_BEFORE.c.visit_id == visit_id),
            )
        )
    op.drop_table("visit_pictures")


def downgrade() -> None:
    connection = op.get_bind()
    outside = sa.select(sa.func.count()).select_from(_KEPT).where(_KEPT.c.sealed.is_(None))
    if connection.execute(outside).scalar_one():
        raise CommandError("photos in the store would be lost: delete them in the app first")
    op.create_table(
        "visit_pictures",
        sa.Column("visit_id", sa.String(32), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="aligned crop and maps, encrypted"
        ),
        sa.PrimaryKeyConstraint("visit_id", name="pk_visit_pictures"),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visits.id"],
            name="fk_visit_pictures_visit_id_visits",
            ondelete="CASCADE",
        ),
    )
    connection.execute(
        sa.insert(_BEFORE).from_select(
            ["visit_id", "sealed"],
            sa.select(_KEPT.c.visit_id, _KEPT.c.sealed).where(_KEPT.c.visit_id.is_not(None)),
        )
    )
    op.drop_table("kept_pictures")
