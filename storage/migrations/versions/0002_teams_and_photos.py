"""Where to write to a person unasked, messages that a platform repeats under a new id, and photos

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('conversation') as batch:
        batch.add_column(sa.Column('address', sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table('inbox') as batch:
        batch.add_column(sa.Column('echo_key', sqltypes.AutoString(length=64), nullable=True))
        batch.add_column(sa.Column('deliveries', sa.Integer(), nullable=False, server_default='1'))
        batch.create_index('ix_inbox_tenant_id_echo_key', ['tenant_id', 'echo_key'])
    op.create_table('photo',
    sa.Column('id', sqltypes.AutoString(length=24), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('taken_at', sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_photo_tenant_id_tenant')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_photo_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_photo_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo'))
    )
    with op.batch_alter_table('photo') as batch:
        batch.create_index('ix_photo_tenant_id', ['tenant_id'])


def downgrade() -> None:
    op.drop_table('photo')
    with op.batch_alter_table('inbox') as batch:
        batch.drop_index('ix_inbox_tenant_id_echo_key')
        batch.drop_column('deliveries')
        batch.drop_column('echo_key')
    with op.batch_alter_table('conversation') as batch:
        batch.drop_column('address')
