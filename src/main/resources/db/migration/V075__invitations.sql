-- People set their own first password, by a link that is used once.

alter table users
    add column made_by             text,
    add column made_at             timestamptz,
    add column link_shown          boolean not null default false,
    add column superadmin_asked_by text,
    add column superadmin_asked_at timestamptz;
-- For the few accounts that were made lately.
create index users_made on users (made_at) where made_by is not null;

comment on column users.made_by is
    'Which superadmin made the account, or last had a link made by which its password is set; null for set-up and the identity provider.';
comment on column users.made_at is 'When that was.';
comment on column users.link_shown is 'Whether the link was shown to that superadmin, as it could not be mailed.';
comment on column users.superadmin_asked_by is 'Which superadmin wants the person to be one too, until another one confirms it.';
comment on column users.superadmin_asked_at is 'Since when.';

create table invitations (
    id              uuid primary key,
    user_id         text        not null unique references users on delete cascade,
    invited_by      text        not null,
    first           boolean     not null,
    mail_to         text,
    expires_at      timestamptz not null,
    mailed_at       timestamptz,
    attempts        integer     not null default 0,
    next_attempt_at timestamptz
);
-- For whoever sends them.
create index invitations_to_mail on invitations (next_attempt_at) where next_attempt_at is not null;

comment on table invitations is 'Invitations to set a password, until they are accepted or replaced by another one.';
comment on column invitations.first is 'Whether nobody ever set the password of the account.';
comment on column invitations.mail_to is 'The address that gets the link; null if it was shown to whoever invited.';
comment on column invitations.expires_at is 'When its links stop working.';
comment on column invitations.next_attempt_at is 'When mailing it is tried next; null once the mail server took it, or if it is not mailed.';

create table invitation_links (
    token_hash    text primary key,
    invitation_id uuid not null references invitations on delete cascade
);
create index invitation_links_of on invitation_links (invitation_id);

comment on table invitation_links is 'The links of invitations: one for each attempt to mail it. Only hashes are kept.';
