"""When a person's pocket pack comes; what a card showed last is found by its id

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('pocket_at', sqltypes.AutoString(length=5), nullable=True))
    op.create_index('ix_outbox_card_id', 'outbox', ['card_id'])


def downgrade() -> None:
    op.drop_index('ix_outbox_card_id', 'outbox')
    op.drop_column('person', 'pocket_at')
