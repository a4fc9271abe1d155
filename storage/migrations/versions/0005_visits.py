"""Visits: runs of a checklist

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('checklist', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('version', sqltypes.AutoString(length=16), nullable=False),
    sa.Column('items', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('answers', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('versions', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('place', sqltypes.AutoString(length=120), nullable=True),
    sa.Column('state', sqltypes.AutoString(length=12), nullable=False),
    sa.Column('started_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('finished_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_visit_tenant_id_tenant')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_visit_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    op.create_index('ix_visit_tenant_id_person_id', 'visit', ['tenant_id', 'person_id'])
    op.create_index('ix_visit_tenant_id_started_at', 'visit', ['tenant_id', 'started_at'])


def downgrade() -> None:
    op.drop_table('visit')
