"""Create the tables: people, their sign-ins, and their visits.

The words and lengths are written out, not imported: a migration tells what was true on its day.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column(
            "login_id", sa.String(32), nullable=False, comment="as the person wrote it, NFKC"
        ),
        sa.Column("login_key", sa.String(96), nullable=False, comment="login_id, case folded"),
        sa.Column(
            "password_hash",
            sa.String(255),
            nullable=False,
            comment="argon2id, with its parameters",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login_key", name="uq_users_login_key"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "session_tickets",
        sa.Column("ticket_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_session_tickets"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_session_tickets_user_id_users", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_session_tickets_user_id", "session_tickets", ["user_id"])
    op.create_index("ix_session_tickets_expires_at", "session_tickets", ["expires_at"])
    op.create_table(
        "visits",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("quality_verdict", sa.String(16), nullable=False),
        sa.Column("quality_score", sa.Float(), nullable=False, comment="0 to 100"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_visits_user_id_users", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("user_id", "request_key", name="uq_visits_user_id_request_key"),
        sa.CheckConstraint(
            "source IN ('upload', 'webcam', 'sample')", name=op.f("ck_visits_source")
        ),
        sa.CheckConstraint(
            "quality_verdict IN ('good', 'usable', 'retake')",
            name=op.f("ck_visits_quality_verdict"),
        ),
        sa.CheckConstraint("quality_score BETWEEN 0 AND 100", name=op.f("ck_visits_quality_score")),
    )
    op.create_index("ix_visits_user_id_taken_at", "visits", ["user_id", "taken_at"])
    op.create_table(
        "visit_results",
        sa.Column("visit_id", sa.String(32), nullable=False),
        sa.Column("attribute", sa.String(16), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False, comment="expected grade, 0 to 4"),
        sa.Column(
            "probabilities",
            sa.JSON(),
            nullable=False,
            comment="one number per grade, lowest first",
        ),
        sa.Column("evidence", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "attribute", name="pk_visit_results"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_visit_results_visit_id_visits", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "attribute IN ('oil', 'hydration', 'wrinkle', 'pigmentation', 'sensitivity')",
            name=op.f("ck_visit_results_attribute"),
        ),
        sa.CheckConstraint("grade BETWEEN 0 AND 4", name=op.f("ck_visit_results_grade")),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name=op.f("ck_visit_results_score")),
        sa.CheckConstraint(
            "evidence IN ('real', 'simulated')", name=op.f("ck_visit_results_evidence")
        ),
    )


def downgrade() -> None:
    op.drop_table("visit_results")
    op.drop_table("visits")
    op.drop_table("session_tickets")
    op.drop_table("sessions")
    op.drop_table("users")
