-- Finished requests leave the tables that pages and rules read, and stay as documents that can be looked up for ever.

create table archived_approvals (
    id           uuid primary key,
    scope        text        not null,
    entity_type  text        not null,
    entity_id    text        not null,
    entity_name  text        not null,
    action       text        not null,
    status       text        not null check (status in ('approved', 'rejected', 'cancelled')),
    submitter    text        not null,
    submitted_at timestamptz not null,
    closed_at    timestamptz not null,
    archived_at  timestamptz not null,
    document     jsonb       not null
);
create index archived_approvals_newest on archived_approvals (submitted_at desc, id desc);
create index archived_approvals_scope on archived_approvals (scope, submitted_at desc, id desc);
create index archived_approvals_submitter on archived_approvals (submitter, submitted_at desc, id desc);
create index archived_approvals_entity on archived_approvals (entity_type, entity_id);
comment on table archived_approvals is
    'Requests that were finished long ago, whole. One that somebody looks at is copied back until the next clean-up.';
comment on column archived_approvals.document is
    'The rows of the request by table: approvals, approval_stages, approval_decisions and what else belongs to it.';

create index approvals_finished on approvals (closed_at) where status <> 'pending';
comment on index approvals_finished is 'Finds what is old enough for the archive.';
create index notification_deliveries_finished on notification_deliveries (finished_at) where status <> 'queued';
create index tenant_notices_closed on tenant_notices (closed_at) where status <> 'queued';

-- Clusters, routes, attachments and tenants outlive the time that their approvals stay in the table above.
alter table clusters drop constraint clusters_approval_id_fkey;
alter table routes drop constraint routes_request_approval_fkey;
alter table routes drop constraint routes_released_approval_fkey;
alter table attachments drop constraint attachments_attach_approval_fkey;
alter table attachments drop constraint attachments_detach_approval_fkey;
alter table tenants drop constraint tenants_approval_id_fkey;
