-- Deliveries are sent beside the engine; only one whose first attempt failed gets a process instance.

create index notification_deliveries_waiting on notification_deliveries (created_at)
    where status = 'queued' and process_instance_id is null;
comment on column notification_deliveries.process_instance_id is
    'The instance that goes on with a delivery whose first attempt failed; null for one that needed none.';
