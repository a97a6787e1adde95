"""conversation and letters"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('from_support', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('form_key', sa.String(length=255), nullable=False),
    sa.Column('sent_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('read_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("body <> ''", name=op.f('ck_message_body')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_message_author_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_message_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('form_key', name=op.f('uq_message_form_key'))
    )

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_unread', ['venue_id', 'from_support'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.create_index('ix_message_venue', ['venue_id', 'id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('about', sa.String(length=255), nullable=False),
    sa.Column('recipient', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('sent_at', sommit.extensions.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_letter_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('about', name=op.f('uq_letter_about'))
    )

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index('ix_letter_unsent', ['next_try_at'], unique=False, sqlite_where=sa.text('sent_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL'))


def downgrade():
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_unsent', sqlite_where=sa.text('sent_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL'))

    op.drop_table('letter')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_venue')
        batch_op.drop_index('ix_message_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))

    op.drop_table('message')
