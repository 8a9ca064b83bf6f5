-- Diagrams show which way a process took; the engine's own history may be switched off.

create table process_paths (
    id bigint generated always as identity primary key,
    root_instance_id text not null,
    process_instance_id text not null,
    calling_instance_id text,
    process_definition_id text not null,
    at timestamptz not null,
    elements text[] not null
);

comment on table process_paths is 'What a process instance did in one transaction.';
comment on column process_paths.root_instance_id is 'The instance that began it all.';
comment on column process_paths.calling_instance_id is 'Set in the first transaction of a called instance.';
comment on column process_paths.elements is
    'Ids of the activities that it entered and of the sequence flows that it took, in order; '':cancelled'' follows the id of an activity that was cancelled.';

create index process_paths_instance on process_paths (process_instance_id);
create index process_paths_root on process_paths (root_instance_id);
create index process_paths_at on process_paths using brin (at);
