-- Updates and deletions of clusters are requests, which change nothing of what runs before the first write.

alter table clusters
    add column request_change             text check (request_change in ('update', 'delete')),
    add column request_kubernetes_version text,
    add column request_node_groups        jsonb,
    add column request_approval           uuid unique,
    add column request_by                 text,
    add column request_process            text unique,
    add column status_before              text,
    add check ((request_change is null) = (request_approval is null));
comment on column clusters.request_change is
    'An update or deletion that was asked for, and of which nothing is written yet; null when there is none.';
comment on column clusters.request_kubernetes_version is 'The version that it asks for.';
comment on column clusters.request_node_groups is 'The machines that it asks for, as a JSON array.';
comment on column clusters.request_approval is 'Its approval; one of no stage where none is needed.';
comment on column clusters.request_by is 'Who asked for it.';
comment on column clusters.request_process is 'Its root process; no other process may carry it out.';
comment on column clusters.status_before is 'What it returns the cluster to if it is refused.';
comment on column clusters.change is 'What was begun to be carried out last.';
comment on column clusters.approval_id is 'The approval of that change.';
