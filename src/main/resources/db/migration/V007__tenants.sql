-- Orchestrators, the tenants that they register, and what they are told at each sync.

create table orchestrators (
    id                uuid primary key,
    name              text        not null,
    contact_email     text        not null,
    url               text,
    client_id         text        not null unique,
    secret_hash       text        not null,
    webhook_key       text        not null,
    status            text        not null check (status in ('active', 'deprovisioned')),
    approval_required boolean,
    created_at        timestamptz not null,
    last_used_at      timestamptz
);
create index orchestrators_newest on orchestrators (created_at desc, id desc);
comment on table orchestrators is 'Platform instances that register and run tenants.';
comment on column orchestrators.url is 'Where changes of its tenants are announced by webhook; null if nowhere.';
comment on column orchestrators.client_id is 'The OAuth2 client ID, also the name in the trail.';
comment on column orchestrators.secret_hash is 'The client secret, hashed like a password.';
comment on column orchestrators.webhook_key is
    'Signs webhooks (HMAC-SHA256). Needed in the clear to sign; it opens no access to this server.';
comment on column orchestrators.approval_required is 'Whether its tenants need approval; null as the platform says.';
comment on column orchestrators.last_used_at is 'When it called last, to the second.';

create table orchestrator_tokens (
    token_hash      text primary key,
    orchestrator_id uuid        not null references orchestrators,
    issued_at       timestamptz not null,
    expires_at      timestamptz not null
);
create index orchestrator_tokens_orchestrator on orchestrator_tokens (orchestrator_id);
create index orchestrator_tokens_expiry on orchestrator_tokens (expires_at);
comment on table orchestrator_tokens is 'OAuth2 access tokens of orchestrators; only the SHA-256 of a token is stored.';

create table tenant_settings (
    single            boolean primary key default true check (single),
    approval_required boolean not null
);
insert into tenant_settings (approval_required) values (true);
comment on table tenant_settings is 'One row: what holds for tenants on the whole platform.';
comment on column tenant_settings.approval_required is
    'Whether registrations need approval where the orchestrator does not say.';

create table tenants (
    id                  uuid primary key,
    orchestrator_id     uuid        not null references orchestrators,
    orchestrator_name   text        not null,
    tenant_id           text        not null,
    name                text        not null,
    contact_email       text        not null,
    status              text        not null check (status in ('pending_approval', 'active', 'suspended', 'rejected')),
    latest              boolean     not null,
    suricata            boolean,
    wireguard_iot       boolean,
    approval_id         uuid references approvals,
    process_instance_id text unique,
    registered_at       timestamptz not null,
    status_changed_at   timestamptz not null
);
create unique index tenants_latest on tenants (orchestrator_id, tenant_id) where latest;
create index tenants_newest on tenants (registered_at desc, id desc);
create index tenants_status on tenants (status, registered_at desc, id desc);
create index tenants_orchestrator on tenants (orchestrator_id, registered_at desc, id desc);
comment on table tenants is 'Registrations of tenants. A rejected one stays when its tenant is registered anew.';
comment on column tenants.tenant_id is 'The orchestrator''s own name for the tenant; another orchestrator may use it too.';
comment on column tenants.orchestrator_name is 'The orchestrator''s name at registration, as the approvers are shown it.';
comment on column tenants.latest is 'False once the same tenant was registered anew.';
comment on column tenants.suricata is 'Suricata IDS/IPS as set; null, which counts as enabled, while nobody set it.';
comment on column tenants.wireguard_iot is 'WireGuard IoT Gateway as set; null, which counts as enabled, while nobody set it.';
comment on column tenants.process_instance_id is 'The lifecycle''s instance in the engine.';

create table feature_sync_versions (
    orchestrator_id uuid primary key references orchestrators,
    version         bigint not null
);
comment on table feature_sync_versions is
    'Counts what an orchestrator''s sync would answer differently, in the transaction that makes it so: the ETag.';

create table tenant_notices (
    id          uuid primary key,
    tenant      uuid        not null references tenants,
    kind        text        not null check (kind in ('mail', 'webhook')),
    from_status text        not null,
    to_status   text        not null,
    reason      text,
    occurred_at timestamptz not null,
    status      text        not null check (status in ('queued', 'sent', 'dropped')),
    closed_at   timestamptz
);
create index tenant_notices_tenant on tenant_notices (tenant);
comment on table tenant_notices is
    'What a tenant''s contact and its orchestrator are told of a changed status; each is an engine job of its own.';
comment on column tenant_notices.id is 'Sent along, so that a receiver can tell a repetition.';
comment on column tenant_notices.closed_at is 'When it was sent, or dropped since there was no longer anywhere to send it.';
