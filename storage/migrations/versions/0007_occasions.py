"""Occasions: what happens once, such as a summary at its time

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('occasion',
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('name', sqltypes.AutoString(length=120), nullable=False),
    sa.Column('at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_occasion_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('tenant_id', 'name', name=op.f('pk_occasion'))
    )
    op.create_index(op.f('ix_occasion_at'), 'occasion', ['at'])


def downgrade() -> None:
    op.drop_table('occasion')
