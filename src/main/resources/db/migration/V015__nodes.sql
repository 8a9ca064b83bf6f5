-- What several instances on one database need to know of each other.

create table nodes (
    id         text primary key,
    host       text        not null,
    started_at timestamptz not null default now(),
    seen_at    timestamptz not null default now()
);
create index nodes_seen on nodes (seen_at);
comment on table nodes is 'The instances that run now. One that was not seen for long is gone, and others take over its jobs.';
comment on column nodes.id is 'New with every start; also the owner of the engine''s job locks.';
comment on column nodes.host is 'Where it runs, for people.';
comment on column nodes.seen_at is 'By the database''s clock, so that clocks of instances need not agree.';

create table delivery_handovers (
    delivery_id uuid primary key,
    node_id     text        not null,
    begun_at    timestamptz not null,
    accepted_at timestamptz
);
comment on table delivery_handovers is
    'Deliveries that are being handed to a mail server or webhook. Written before, in a transaction of its own, and deleted in the transaction that notes the delivery as sent; so a row that is left says that the outcome was not recorded.';
comment on column delivery_handovers.node_id is 'The instance that hands it over; while it runs, it alone knows the outcome.';
comment on column delivery_handovers.accepted_at is
    'When the other side took it, if that could not be recorded together with the delivery.';
