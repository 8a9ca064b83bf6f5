-- People, orchestrators and Countersign itself are told apart by kind, not by name.

create table principal_names (
    name text primary key,
    kind text not null check (kind in ('person', 'orchestrator'))
);

comment on table principal_names is 'Whose kind each name is, for good: the trail names those who are gone too.';

insert into principal_names (name, kind) select id, 'person' from users;
insert into principal_names (name, kind) select client_id, 'orchestrator' from orchestrators on conflict do nothing;

-- Entries from before keep the form in which they were hashed: without the type.
alter table audit_entries add column actor_type text check (actor_type in ('person', 'orchestrator', 'system'));

comment on column audit_entries.actor_type is
    'Which kind of principal the actor is; null, and no part of the hash, in entries from before there was this column.';

alter table approvals
    add column submitter_type text not null default 'person' check (submitter_type in ('person', 'orchestrator'));
alter table archived_approvals
    add column submitter_type text not null default 'person' check (submitter_type in ('person', 'orchestrator'));

update approvals set submitter_type = 'orchestrator' where entity_type = 'tenant';
update archived_approvals set submitter_type = 'orchestrator' where entity_type = 'tenant';
update archived_approvals
set document = jsonb_set(document, '{approvals,0,submitter_type}', '"orchestrator"')
where entity_type = 'tenant';

comment on column approvals.submitter_type is 'Which kind of principal the submitter is.';
comment on column archived_approvals.submitter_type is 'Which kind of principal the submitter is.';
