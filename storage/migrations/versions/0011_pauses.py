"""Issues that stand still for a while

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('issue', sa.Column('paused_at', sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('issue', 'paused_at')
