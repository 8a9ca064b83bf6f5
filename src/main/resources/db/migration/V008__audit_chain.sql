-- What an entry changed, and the hash chain over the trail.
-- Forward and side by side: an older version goes on to insert entries; the trigger below queues them for sealing.

alter table audit_entries add column before jsonb;
alter table audit_entries add column after jsonb;
comment on column audit_entries.before is 'What was there before; null for something new, or if nothing was changed.';
comment on column audit_entries.after is 'What is there now; null for something deleted, or if nothing was changed.';

create table audit_seals (
    sequence      bigint      primary key check (sequence > 0),
    entry_id      bigint      not null unique references audit_entries,
    previous_hash text        not null check (previous_hash ~ '^[0-9a-f]{64}$'),
    hash          text        not null unique check (hash ~ '^[0-9a-f]{64}$'),
    sealed_at     timestamptz not null
);
comment on table audit_seals is
    'The hash chain over audit_entries, in the order in which entries were committed. Rows are never changed.';
comment on column audit_seals.previous_hash is 'The hash of the entry before; 64 zeros for the first.';
comment on column audit_seals.hash is
    'SHA-256 over the canonical JSON of the entry, its sequence, sealed_at and previous_hash.';

create table audit_unsealed (
    entry_id bigint primary key
);
comment on table audit_unsealed is
    'Entries that were committed and not sealed yet. A row lives about a second: who seals the entry deletes it.';

insert into audit_unsealed (entry_id) select id from audit_entries;

create function queue_audit_entry() returns trigger language plpgsql as $$
begin
    insert into audit_unsealed (entry_id) values (new.id);
    return null;
end
$$;
create trigger audit_entries_queue after insert on audit_entries
    for each row execute function queue_audit_entry();

create function refuse_audit_seal_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit_seals is append-only';
end
$$;
create trigger audit_seals_append_only before update or delete on audit_seals
    for each row execute function refuse_audit_seal_change();
create trigger audit_seals_no_truncate before truncate on audit_seals
    for each statement execute function refuse_audit_seal_change();

-- Lists are ordered by time, whatever they are filtered by.
create index audit_entries_by_time on audit_entries (at, id);
create index audit_entries_by_entity on audit_entries (entity_type, entity_id, at, id);
create index audit_entries_by_actor on audit_entries (actor, at, id);
create index audit_entries_by_scope on audit_entries (scope, at, id);
drop index audit_entries_entity;
drop index audit_entries_actor;
drop index audit_entries_scope;
