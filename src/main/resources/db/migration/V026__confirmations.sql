-- How many confirmations somebody had mailed within the hour is counted before another is queued.

create index notification_deliveries_confirmations on notification_deliveries (user_id, created_at)
    where purpose = 'confirmation';
