-- A client's key goes to the target with the first deployment that lets the client through, not before.

create table client_keys (
    client_id uuid primary key references clients,
    sealed    text not null
);
comment on table client_keys is
    'Keys that the target does not have yet. The deployment that hands a key over takes its row away, and with it all but the key''s hash.';
comment on column client_keys.sealed is 'The key, encrypted by one of countersign.encryption.keys.';

drop table key_handovers;
