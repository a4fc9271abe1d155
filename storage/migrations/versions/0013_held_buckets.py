"""What the platform told us to wait, apart from what we allow ourselves

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from sqlmodel.sql import sqltypes


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('bucket', sa.Column('held_until', sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('bucket', 'held_until')
