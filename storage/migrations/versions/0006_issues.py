"""Issues: what was raised on site, its clocks, its story and what was promised; photos may belong to one

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('category', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('priority', sqltypes.AutoString(length=8), nullable=False),
    sa.Column('place', sqltypes.AutoString(length=120), nullable=True),
    sa.Column('postcode', sqltypes.AutoString(length=10), nullable=True),
    sa.Column('room', sqltypes.AutoString(length=40), nullable=True),
    sa.Column('unit_key', sqltypes.AutoString(length=24), nullable=True),
    sa.Column('block_key', sqltypes.AutoString(length=100), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('complaint', sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sqltypes.AutoString(length=16), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('merged_into', sa.Integer(), nullable=True),
    sa.Column('standard', sqltypes.AutoString(length=48), nullable=False),
    sa.Column('logged_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('changed_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('due_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('told_at', sqltypes.UTCDateTime(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_issue_contract_id_contract')),
    sa.ForeignKeyConstraint(['merged_into'], ['issue.id'], name=op.f('fk_issue_merged_into_issue')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_issue_owner_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_issue_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_issue_team_id_team')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_issue_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_issue_tenant_id_number'))
    )
    op.create_index('ix_issue_owner_id_state', 'issue', ['owner_id', 'state'])
    op.create_index('ix_issue_tenant_id_block_key_logged_at', 'issue', ['tenant_id', 'block_key', 'logged_at'])
    op.create_index('ix_issue_tenant_id_contract_id_state_due_at', 'issue', ['tenant_id', 'contract_id', 'state', 'due_at'])
    op.create_index('ix_issue_tenant_id_person_id_state', 'issue', ['tenant_id', 'person_id', 'state'])
    op.create_table('issue_clock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('clock', sqltypes.AutoString(length=32), nullable=False),
    sa.Column('started_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('due_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('met_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_issue_clock_issue_id_issue')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_issue_clock_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_clock')),
    sa.UniqueConstraint('issue_id', 'clock', name=op.f('uq_issue_clock_issue_id_clock'))
    )
    op.create_index('ix_issue_clock_tenant_id_met_at_due_at', 'issue_clock', ['tenant_id', 'met_at', 'due_at'])
    op.create_table('issue_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('kind', sqltypes.AutoString(length=24), nullable=False),
    sa.Column('detail', sqltypes.AutoString(length=280), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_issue_event_issue_id_issue')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_issue_event_person_id_person')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_issue_event_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_event'))
    )
    op.create_index(op.f('ix_issue_event_issue_id'), 'issue_event', ['issue_id'])
    op.create_table('promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('text', sqltypes.AutoString(length=160), nullable=False),
    sa.Column('due_at', sqltypes.UTCDateTime(), nullable=False),
    sa.Column('state', sqltypes.AutoString(length=8), nullable=False),
    sa.Column('asked_at', sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_promise_issue_id_issue')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_promise_person_id_person')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_promise_tenant_id_tenant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise'))
    )
    op.create_index(op.f('ix_promise_issue_id'), 'promise', ['issue_id'])
    op.create_index('ix_promise_tenant_id_person_id_state', 'promise', ['tenant_id', 'person_id', 'state'])
    op.add_column('photo', sa.Column('issue_id', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_photo_issue_id'), 'photo', ['issue_id'])


def downgrade() -> None:
    op.drop_index('ix_photo_issue_id', 'photo')
    op.drop_column('photo', 'issue_id')
    for name in ('promise', 'issue_event', 'issue_clock', 'issue'):
        op.drop_table(name)
