"""Each score gets room for its standard error; of those that are there already it is not known."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    with op.batch_alter_table("visit_results") as visit_results:
        visit_results.add_column(
            sa.Column(
                "standard_error",
                sa.Float(),
                comment="of the score, grades; null where it is not known",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("visit_results") as visit_results:
        visit_results.drop_column("standard_error")
