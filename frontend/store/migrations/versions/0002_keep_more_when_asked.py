"""Make room for devices, recovery codes, throttling, notes, undoing and kept pictures.

The words and lengths are written out, not imported: a migration tells what was true on its day.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.add_column(
            sa.Column(
                "keeps_photos",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="whether the pictures of later visits are kept",
            )
        )
    _extend_sessions()
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_recovery_codes_user_id_users", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.create_table(
        "log_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(64), nullable=False, comment="an account or address"),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_in_failures"),
    )
    op.create_index("ix_log_in_failures_failed_at", "log_in_failures", ["failed_at"])
    op.create_index(
        "ix_log_in_failures_subject_hash_failed_at",
        "log_in_failures",
        ["subject_hash", "failed_at"],
    )
    with op.batch_alter_table("visits") as visits:
        visits.add_column(
            sa.Column("note", sa.String(500), nullable=False, server_default=sa.text("''"))
        )
        visits.add_column(
            sa.Column(
                "deleted_at",
                sa.DateTime(timezone=True),
                comment="deleted, and may be brought back for a while",
            )
        )
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


def _extend_sessions() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("id", sa.String(32), comment="names it in a list"))
        sessions.add_column(
            sa.Column("device", sa.String(64), nullable=False, server_default=sa.text("''"))
        )
        sessions.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True)))
    # Half of a hash is as good a name as any, and those who are signed in stay so.
    op.execute("UPDATE sessions SET id = substr(token_hash, 1, 32), last_seen_at = created_at")
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column(
            "id",
            existing_type=sa.String(32),
            existing_comment="names it in a list",
            nullable=False,
        )
        sessions.alter_column(
            "last_seen_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )
        sessions.create_unique_constraint("uq_sessions_id", ["id"])


def downgrade() -> None:
    op.drop_table("visit_pictures")
    with op.batch_alter_table("visits") as visits:
        visits.drop_column("deleted_at")
        visits.drop_column("note")
    op.drop_table("log_in_failures")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint("uq_sessions_id", type_="unique")
        sessions.drop_column("last_seen_at")
        sessions.drop_column("device")
        sessions.drop_column("id")
    with op.batch_alter_table("users") as users:
        users.drop_column("keeps_photos")
