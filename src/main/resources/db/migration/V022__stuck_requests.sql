-- An approved request is stuck as well, once an administrator ended its process.

drop index approvals_stuck;
create index approvals_stuck on approvals (submitted_at, id) where stuck_reason is not null;
comment on column approvals.stuck_reason is
    'Why nobody can decide the open stage, or that an administrator ended the process; null while it can go on.';
