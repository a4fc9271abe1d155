"""A contract's settings, and the channel that places people in a team

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contract') as batch:
        batch.add_column(sa.Column('settings', sa.JSON(none_as_null=True), nullable=True))
        batch.create_unique_constraint(op.f('uq_contract_tenant_id_name'), ['tenant_id', 'name'])
    with op.batch_alter_table('team') as batch:
        batch.add_column(sa.Column('channel', sqltypes.AutoString(length=255), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('team') as batch:
        batch.drop_column('channel')
    with op.batch_alter_table('contract') as batch:
        batch.drop_constraint(op.f('uq_contract_tenant_id_name'), type_='unique')
        batch.drop_column('settings')
