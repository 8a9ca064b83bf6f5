-- Failed sign-ins, counted by all instances together.

create table sign_in_attempts (
    subject        text primary key,
    failures       int         not null,
    last_failed_at timestamptz,
    blocked_until  timestamptz,
    succeeded_at   timestamptz
);
create index sign_in_attempts_age on sign_in_attempts (greatest(last_failed_at, succeeded_at));
comment on table sign_in_attempts is 'What is counted to slow down guessing: a name from an address, an address, a name.';
comment on column sign_in_attempts.subject is 'SHA-256 of what is counted: people type passwords into the name field.';
comment on column sign_in_attempts.failures is 'Failed attempts since the last pause or success.';
comment on column sign_in_attempts.blocked_until is 'Until when further attempts are refused without being looked at.';
comment on column sign_in_attempts.succeeded_at is 'For a name from an address: about when it last signed in there.';
