-- People, organizations, projects, teams and memberships. Engine groups are derived from these rows.

create table users (
    id              text primary key,
    display_name    text        not null,
    email           text,
    email_confirmed boolean     not null default false,
    password_hash   text        not null,
    superadmin      boolean     not null default false,
    engine_admin    boolean     not null default false,
    created_at      timestamptz not null default now()
);
comment on table users is 'People who sign in.';
comment on column users.id is 'The name they sign in with, also the user id in the engine.';
comment on column users.superadmin is 'Holds the platform role superadmin.';
comment on column users.engine_admin is 'Administers the engine through Camunda''s web applications.';

create table organizations (
    id         text primary key,
    name       text        not null,
    created_at timestamptz not null default now()
);
comment on table organizations is 'The boundary for members and clusters.';

create table organization_members (
    organization_id text        not null references organizations,
    user_id         text        not null references users,
    role            text        not null check (role in ('owner', 'admin', 'developer', 'viewer')),
    since           timestamptz not null default now(),
    primary key (organization_id, user_id)
);
create index organization_members_user on organization_members (user_id);
comment on table organization_members is 'A member has one role per organization.';

create table projects (
    id         text primary key,
    name       text        not null,
    created_at timestamptz not null default now()
);
comment on table projects is 'The boundary for domains, routes, clients and their approvals.';

create table teams (
    project_id text        not null references projects,
    id         text        not null,
    name       text        not null,
    created_at timestamptz not null default now(),
    primary key (project_id, id)
);
comment on table teams is 'Teams of a project; team scopes compare them.';

create table project_members (
    project_id text        not null references projects,
    user_id    text        not null references users,
    role       text        not null check (role in ('viewer', 'editor', 'approver', 'admin', 'owner')),
    team_id    text        not null,
    since      timestamptz not null default now(),
    primary key (project_id, user_id),
    foreign key (project_id, team_id) references teams (project_id, id)
);
create index project_members_user on project_members (user_id);
comment on table project_members is 'A member has one role and one team per project.';

create table access_tokens (
    token_hash text primary key,
    user_id    text        not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index access_tokens_user on access_tokens (user_id);
comment on table access_tokens is 'Bearer tokens of programs; only the SHA-256 of a token is stored.';

-- Spring Session's schema for PostgreSQL (spring-session-jdbc, schema-postgresql.sql).
create table spring_session (
    primary_id            char(36) not null,
    session_id            char(36) not null,
    creation_time         bigint   not null,
    last_access_time      bigint   not null,
    max_inactive_interval int      not null,
    expiry_time           bigint   not null,
    principal_name        varchar(100),
    constraint spring_session_pk primary key (primary_id)
);
create unique index spring_session_ix1 on spring_session (session_id);
create index spring_session_ix2 on spring_session (expiry_time);
create index spring_session_ix3 on spring_session (principal_name);
comment on table spring_session is 'Browser sessions, shared by all instances.';

create table spring_session_attributes (
    session_primary_id char(36)     not null,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea        not null,
    constraint spring_session_attributes_pk primary key (session_primary_id, attribute_name),
    constraint spring_session_attributes_fk foreign key (session_primary_id)
        references spring_session (primary_id) on delete cascade
);
comment on table spring_session_attributes is 'What a browser session holds.';
