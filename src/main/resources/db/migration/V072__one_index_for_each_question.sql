-- When many mails are queued at once, the planner still believes that there are none, and takes any index that fits: the
-- right one seems to be worth nothing. So each index of what waits has a condition that only its own questions name, and
-- fits no other.

drop index notification_deliveries_queued;
drop index notification_deliveries_waiting;
drop index notification_deliveries_waiting_of_scope;
drop index notification_deliveries_waiting_for_channel;
create index notification_deliveries_unfinished on notification_deliveries (created_at) where finished_at is null;
create index notification_deliveries_waiting
    on notification_deliveries (turn, (purpose = 'message'), created_at)
    where status = 'queued' and process_instance_id is null and turn >= 0;
create index notification_deliveries_waiting_of_scope on notification_deliveries (scope, turn)
    where status = 'queued' and process_instance_id is null and scope is not null;
create index notification_deliveries_waiting_for_channel on notification_deliveries (channel_id)
    where status = 'queued' and process_instance_id is null and channel_id is not null;
