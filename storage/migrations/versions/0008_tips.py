"""Tips, whom they reached, and quiz answers

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quiz_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('standard', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('item', sqltypes.AutoString(length=8), nullable=False),
    sa.Column('right', sa.Boolean(), nullable=False),
    sa.Column('at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_quiz_answer_person_id_person')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_quiz_answer_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_answer'))
    )
    op.create_index('ix_quiz_answer_tenant_id_person_id', 'quiz_answer', ['tenant_id', 'person_id'])
    op.create_table('tip',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('standard', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('text', sqltypes.AutoString(length=280), nullable=False),
    sa.Column('audience', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('state', sqltypes.AutoString(length=12), nullable=False),
    sa.Column('due_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_tip_approved_by_person')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_tip_author_id_person')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_tip_contract_id_contract')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_tip_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tip'))
    )
    op.create_index('ix_tip_state_due_at', 'tip', ['state', 'due_at'])
    op.create_index(op.f('ix_tip_tenant_id'), 'tip', ['tenant_id'])
    op.create_table('tip_receipt',
    sa.Column('tip_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('state', sqltypes.AutoString(length=16), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('right_first', sa.Boolean(), nullable=True),
    sa.Column('at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_tip_receipt_person_id_person')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_tip_receipt_tenant_id_tenant')),
    sa.ForeignKeyConstraint(['tip_id'], ['tip.id'], name=op.f('fk_tip_receipt_tip_id_tip')),
    sa.PrimaryKeyConstraint('tip_id', 'person_id', name=op.f('pk_tip_receipt'))
    )
    op.create_index(op.f('ix_tip_receipt_tenant_id'), 'tip_receipt', ['tenant_id'])
    op.add_column('person', sa.Column('tips_off', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('person', 'tips_off')
    for name in ('quiz_answer', 'tip_receipt', 'tip'):
        op.drop_table(name)
