-- People who sign in at an OpenID Connect provider, and what the provider made them.

create table provider_identities (
    issuer  text        not null,
    subject text        not null,
    user_id text        not null unique references users on delete cascade,
    since   timestamptz not null default now(),
    primary key (issuer, subject)
);
comment on table provider_identities is 'Who at an OpenID Connect provider is which person here.';
comment on column provider_identities.subject is 'The provider''s own name for the person, which never changes; names may.';

create table provider_memberships (
    user_id text        not null references users on delete cascade,
    scope   text        not null,
    role    text        not null,
    team_id text,
    since   timestamptz not null default now(),
    primary key (user_id, scope)
);
comment on table provider_memberships is
    'Memberships that groups at the provider gave. They end when the groups do; a membership that was changed by hand is no longer one of them.';
comment on column provider_memberships.scope is 'Such as organization:acme; for a platform role platform:superadmin or platform:engine_admin.';
