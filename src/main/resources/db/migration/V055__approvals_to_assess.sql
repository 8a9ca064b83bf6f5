-- A changed membership looks for what it may leave stuck in its own transaction, and notes that in another one.

create table approvals_to_assess (
    approval_id uuid primary key references approvals on delete cascade,
    noted_at    timestamptz not null default now()
);
comment on table approvals_to_assess is
    'Pending approvals that a change among people may leave stuck, or no longer stuck, until that is noted with them.';
