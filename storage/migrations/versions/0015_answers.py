"""Questions answered in a colleague's own words

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('question') as table:
        table.add_column(sa.Column('passed_to', sa.Integer(), nullable=True))
        table.add_column(sa.Column('answer', sa.Text(), nullable=True))
        table.create_foreign_key('fk_question_passed_to_person', 'person', ['passed_to'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('question') as table:
        table.drop_constraint('fk_question_passed_to_person', type_='foreignkey')
        table.drop_column('answer')
        table.drop_column('passed_to')
