"""Slack installations of many workspaces, and the states of installs that are under way

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation',
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('bot_token', sa.Text(), nullable=True),
    sa.Column('refresh_token', sa.Text(), nullable=True),
    sa.Column('ends_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('renewing_until', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('bot_user_id', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('enterprise_id', sqltypes.AutoString(length=64), nullable=True),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('installed_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_installation_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('tenant_id', name=op.f('pk_installation'))
    )
    op.create_table('install_state',
    sa.Column('digest', sqltypes.AutoString(length=64), nullable=False),
    sa.Column('ends_at', sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_install_state'))
    )


def downgrade() -> None:
    op.drop_table('install_state')
    op.drop_table('installation')
