-- Domains, routes, clients and attachments. What is deployed and what is asked for are kept apart, as canonical JSON.

create table domains (
    project_id text        not null references projects,
    id         text        not null,
    host       text        not null unique,
    created_by text        not null,
    created_at timestamptz not null,
    primary key (project_id, id)
);
create index domains_newest on domains (project_id, created_at desc, id desc);
comment on table domains is 'Host names of a project; a host belongs to one project only.';

create table routes (
    id                uuid primary key,
    project_id        text        not null references projects,
    domain_id         text        not null,
    name              text        not null,
    status            text        not null check (status in ('pending_create', 'pending_update', 'pending_delete',
                                                             'approved', 'pending_deploy', 'active', 'rejected')),
    status_before     text,
    status_reason     text,
    request_action    text check (request_action in ('create', 'update', 'delete')),
    request_content   text,
    request_approval  uuid references approvals,
    released_action   text check (released_action in ('create', 'update', 'delete')),
    released_content  text,
    released_approval uuid references approvals,
    deployed_content  text,
    deployment_done   boolean     not null default false,
    process           text,
    gone              boolean     not null default false,
    created_by        text        not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    check ((request_action is null) = (request_approval is null)),
    check ((released_action is null) = (released_approval is null))
);
create unique index routes_name on routes (project_id, domain_id, name) where not gone and status <> 'rejected';
create index routes_newest on routes (project_id, domain_id, created_at desc, id desc) where not gone;
comment on table routes is 'Sends matching requests of a domain to a backend.';
comment on column routes.domain_id is 'Its domain; no reference, since rejected and deleted routes outlive theirs.';
comment on column routes.status is 'See docs/gateway.md; a deleted route is gone and keeps its last status.';
comment on column routes.status_before is 'What a refused request returns the route to.';
comment on column routes.request_content is 'What the open request asks for; null when none is open.';
comment on column routes.released_content is 'What was approved and handed to deployment last.';
comment on column routes.deployed_content is 'What the target has.';
comment on column routes.deployment_done is 'Whether the target reported the deployment under way as done.';
comment on column routes.process is 'The process instance of the last request or redeployment.';
comment on column routes.gone is 'Whether the route was deleted and its objects are removed.';

create table clients (
    id              uuid primary key,
    project_id      text        not null,
    name            text        not null,
    team_id         text        not null,
    ip_addresses    text[]      not null,
    api_key_hash    text        not null,
    api_key_since   timestamptz not null,
    deleting        boolean     not null default false,
    gone            boolean     not null default false,
    created_by      text        not null,
    created_at      timestamptz not null,
    foreign key (project_id, team_id) references teams (project_id, id)
);
create unique index clients_name on clients (project_id, name) where not gone;
create index clients_newest on clients (project_id, created_at desc, id desc) where not gone;
comment on table clients is 'API consumers. A client belongs to a team, which manages its addresses and key.';
comment on column clients.ip_addresses is 'Networks in CIDR notation that it may call from; none for any.';
comment on column clients.api_key_hash is 'SHA-256 of the key, which only its holder and the target have.';
comment on column clients.deleting is 'Whether it goes away once its last attachment is removed.';

create table attachments (
    id              uuid primary key,
    project_id      text        not null references projects,
    route_id        uuid        not null references routes,
    client_id       uuid        not null references clients,
    status          text        not null check (status in ('pending_attach', 'pending_detach', 'approved', 'active',
                                                           'rejected', 'removed')),
    attach_content  text        not null,
    attach_approval uuid        not null references approvals,
    detach_content  text,
    detach_approval uuid references approvals,
    released        boolean     not null default false,
    process         text,
    created_by      text        not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null
);
create unique index attachments_live on attachments (route_id, client_id) where status not in ('rejected', 'removed');
create index attachments_client on attachments (client_id);
create index attachments_newest on attachments (project_id, created_at desc, id desc);
comment on table attachments is 'Lets a client call a route.';
comment on column attachments.released is 'Whether the deployment under way carries the approved request out.';
comment on column attachments.process is 'The process instance of the last request.';
comment on column attachments.detach_approval is 'The request to detach, unless it was refused.';
