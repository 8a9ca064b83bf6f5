-- The append-only trail, and the keys that make creation over REST idempotent.

create table audit_entries (
    id          bigint generated always as identity primary key,
    at          timestamptz not null,
    actor       text        not null,
    action      text        not null,
    entity_type text        not null,
    entity_id   text        not null,
    entity_name text        not null,
    scope       text        not null,
    origin      text        not null,
    ip_address  text,
    details     jsonb       not null
);
create index audit_entries_entity on audit_entries (entity_type, entity_id, id);
create index audit_entries_actor on audit_entries (actor, id);
create index audit_entries_scope on audit_entries (scope, id);
comment on table audit_entries is 'Who did what, from where and when. The database refuses to change or delete rows.';
comment on column audit_entries.scope is 'Whose trail this is, such as organization:acme.';
comment on column audit_entries.origin is 'From where: console, mail, tasklist, engine-rest, api, cli or system.';

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entries is append-only';
end
$$;
create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function refuse_audit_change();
create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function refuse_audit_change();

create table idempotency_keys (
    caller       text        not null,
    operation    text        not null,
    key          text        not null,
    request_hash text        not null,
    response     text,
    created_at   timestamptz not null default now(),
    primary key (caller, operation, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
comment on table idempotency_keys is 'Answers to POSTs that carried an Idempotency-Key, kept for a day.';
