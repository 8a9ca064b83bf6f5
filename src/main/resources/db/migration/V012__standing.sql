-- What happens to requests that wait long: reminders, escalation, and approvals that must be given again.

alter table approvals
    add column remind_after     text,
    add column escalate_after   text,
    add column escalate_to      text,
    add column valid_for        text,
    add column attention_due_at timestamptz;
create index approvals_attention on approvals (attention_due_at) where attention_due_at is not null;
comment on column approvals.remind_after is 'The policy copy: how long a stage waits between reminders, as an ISO 8601 duration.';
comment on column approvals.escalate_after is 'The policy copy: how long a stage waits before the named group is asked too.';
comment on column approvals.escalate_to is 'The policy copy: that group, such as role:owner or team:payments.';
comment on column approvals.valid_for is 'The policy copy: how long an approval may wait to be carried out.';
comment on column approvals.attention_due_at is 'When the sweep looks at it next; never later than something is due.';
update approvals set attention_due_at = now() + interval '1 hour' where status = 'pending';

alter table approval_stages
    add column opened_at    timestamptz,
    add column reminded_at  timestamptz,
    add column escalated_at timestamptz;
comment on column approval_stages.opened_at is 'Since when it waits; null before, and for stages opened by an earlier version.';
comment on column approval_stages.reminded_at is 'When its approvers were reminded last.';
comment on column approval_stages.escalated_at is 'When the named group was asked too.';
