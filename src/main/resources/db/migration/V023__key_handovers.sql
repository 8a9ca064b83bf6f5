-- Keys of new clients on their way to the target, which takes part in no transaction.

create table key_handovers (
    client_id  uuid primary key,
    project_id text not null,
    name       text not null
);
comment on table key_handovers is
    'Clients being created whose Secret may stand at the target already. The transaction that records the client takes the row away; one that is left belongs to no client, and its Secret is removed.';
comment on column key_handovers.client_id is 'The client''s id, should it come to be.';
comment on column key_handovers.name is 'Its name, a part of the Secret''s.';
