-- People who left: deactivated here, or by the provider that they signed in at.

alter table users
    add column deactivated_at timestamptz,
    add column deactivated_by text;

comment on column users.deactivated_at is 'Since when they can do nothing here; null for everybody who can.';
comment on column users.deactivated_by is 'Which superadmin deactivated them.';

create table provider_sessions (
    id            uuid primary key,
    user_id       text        not null references users on delete cascade,
    issuer        text        not null,
    subject       text        not null,
    sid           text,
    refresh_token text,
    checked_at    timestamptz not null,
    asked_at      timestamptz
);
-- For what the provider says in a logout token, and for the clean-up.
create index provider_sessions_sid on provider_sessions (issuer, sid) where sid is not null;
create index provider_sessions_subject on provider_sessions (issuer, subject);
create index provider_sessions_checked on provider_sessions (checked_at);
create index provider_sessions_user on provider_sessions (user_id);

comment on table provider_sessions is
    'Sessions of people who signed in at an OpenID Connect provider. A browser session whose row is gone is over.';
comment on column provider_sessions.id is 'Kept in the browser session.';
comment on column provider_sessions.sid is 'The provider''s session; null if the provider does not tell.';
comment on column provider_sessions.refresh_token is 'Encrypted; null if the provider gave none.';
comment on column provider_sessions.checked_at is 'When the provider last said that the account is in order.';
comment on column provider_sessions.asked_at is 'When the provider was last asked, whatever came of it.';
