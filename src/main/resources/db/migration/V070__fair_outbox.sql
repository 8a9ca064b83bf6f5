-- The outbox serves its scopes in turn, and sums up in one mail what comes thick and fast for one address.

alter table notification_deliveries
    add column scope     text,
    add column turn      bigint not null default 0,
    add column due_at    timestamptz,
    add column digest_id uuid;
update notification_deliveries d set scope = coalesce(
    (select c.scope from notification_channels c where c.id = d.channel_id), 'platform');
alter table notification_deliveries
    alter column scope set not null,
    alter column turn drop default;
comment on column notification_deliveries.scope is 'Where what it tells of happened; scopes are served in turn.';
comment on column notification_deliveries.turn is
    'Its place in the queue: one after the last that waits of its scope, but not before what is served at the time.';
comment on column notification_deliveries.due_at is
    'Until when it waits to be summed up with others, as its address was sent many mails just before; null to send at once.';
comment on column notification_deliveries.digest_id is
    'The Message-ID of the mail that told it together with others; null for a mail of its own.';

drop index notification_deliveries_waiting;
create index notification_deliveries_waiting
    on notification_deliveries (turn, (purpose = 'message'), created_at)
    where status = 'queued' and process_instance_id is null;
create index notification_deliveries_waiting_of_scope on notification_deliveries (scope, turn)
    where status = 'queued' and process_instance_id is null;
create index notification_deliveries_waiting_for_channel on notification_deliveries (channel_id)
    where status = 'queued' and process_instance_id is null;
create index notification_deliveries_sent on notification_deliveries (channel_id, finished_at)
    where status = 'sent';

comment on table delivery_handovers is
    'Deliveries that an instance has taken to hand them to a mail server or webhook. Written before, in a transaction of its own, and deleted in the transaction that notes the delivery as sent; so a row that is left says that the outcome was not recorded.';
