-- How long decisions take, read by when requests were closed; and the few that nobody can decide.

create index approvals_closed on approvals (closed_at) where closed_at is not null;
create index approvals_stuck on approvals (submitted_at, id) where status = 'pending' and stuck_reason is not null;
