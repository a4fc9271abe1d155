"""What trainers taught: questions and the standards that answer them

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('taught',
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('key', sqltypes.AutoString(length=200), nullable=False),
    sa.Column('standard', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_taught_person_id_person')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_taught_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('tenant_id', 'key', name=op.f('pk_taught'))
    )


def downgrade() -> None:
    op.drop_table('taught')
