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

create table members (
    scope           text        not null,
    user_id         text        not null references users,
    role            text        not null,
    team_id         text,
    since           timestamptz not null default now(),
    organization_id text generated always as (case when scope like 'organization:%' then substr(scope, 14) end) stored
        references organizations,
    project_id      text generated always as (case when scope like 'project:%' then substr(scope, 9) end) stored
        references projects,
    primary key (scope, user_id),
    foreign key (project_id, team_id) references teams (project_id, id),
    check (case
        when organization_id is not null
            then role in ('owner', 'admin', 'developer', 'viewer') and team_id is null
        when project_id is not null
            then role in ('viewer', 'editor', 'approver', 'admin', 'owner') and team_id is not null
        else false
    end)
);
create index members_user on members (user_id);
comment on table members is 'A member has one role per organization, and one role and one team per project.';
comment on column members.scope is 'organization:<id> or project:<id>; the generated columns keep it to what exists.';

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
