"""Each visit gets room for how its photo was taken, and for its grades of earlier networks."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    with op.batch_alter_table("visits") as visits:
        visits.add_column(
            sa.Column(
                "circumstances",
                sa.JSON(),
                comment="how the photo was taken; null where not known",
            )
        )
        visits.add_column(
            sa.Column(
                "graded_before",
                sa.JSON(),
                comment="results of earlier networks, oldest first; null where graded once",
            )
        )


def downgrade() -> None:
    # Not in a batch, which on SQLite makes the table anew: what hangs on its rows would go.
    op.drop_column("visits", "graded_before")
    op.drop_column("visits", "circumstances")
