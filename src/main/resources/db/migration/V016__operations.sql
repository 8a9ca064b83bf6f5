-- What operators watch: the causes of engine jobs, and the queue of deliveries.

create table job_causes (
    job_id      text primary key,
    request_id  text,
    traceparent text        not null,
    created_at  timestamptz not null default now()
);
comment on table job_causes is
    'The trace (W3C Trace Context) and request that an engine job carries on. Written only while traces are sampled.';

create index notification_deliveries_queued on notification_deliveries (created_at) where status = 'queued';
