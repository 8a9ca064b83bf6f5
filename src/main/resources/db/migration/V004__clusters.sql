-- Clusters. Processes hold a cluster's id; these rows are the truth.

create table clusters (
    id                  uuid        primary key,
    organization_id     text        not null references organizations,
    name                text        not null,
    provider            text        not null,
    region              text        not null,
    kubernetes_version  text        not null,
    node_groups         jsonb       not null,
    status              text        not null check (status in ('APPROVAL_PENDING', 'PROVISIONING', 'RUNNING',
                                                               'PROVISIONING_FAILED', 'UPDATING', 'DELETING',
                                                               'DELETED', 'REJECTED')),
    status_reason       text,
    change              text        not null check (change in ('create', 'update', 'delete')),
    change_done         boolean     not null,
    changed_by          text        not null,
    requested_by        text        not null,
    requested_at        timestamptz not null,
    updated_at          timestamptz not null,
    version             int         not null,
    approval_id         uuid        not null unique references approvals,
    process_instance_id text        unique
);
create unique index clusters_name on clusters (organization_id, name) where status not in ('DELETED', 'REJECTED');
create index clusters_newest on clusters (organization_id, requested_at desc, id desc);
create index clusters_by_name on clusters (organization_id, name, requested_at desc);
comment on table clusters is 'Kubernetes clusters, from request to deletion.';
comment on column clusters.node_groups is 'Machines of the cluster, as a JSON array.';
comment on column clusters.status_reason is 'Why the status is what it is, for a person; null if there is nothing to say.';
comment on column clusters.change is 'What was asked for last.';
comment on column clusters.change_done is 'Whether the target has reported that change as done.';
comment on column clusters.changed_by is 'Who asked for that change.';
comment on column clusters.version is 'Grows with each change of the row; tells notifications of one cluster apart.';
comment on column clusters.approval_id is 'The approval of the creation: no two clusters share one.';
comment on column clusters.process_instance_id is 'The root process of that change; no other process may carry it out.';
