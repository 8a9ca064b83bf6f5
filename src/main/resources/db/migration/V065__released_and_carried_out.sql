-- That a deployment was asked for, and that something was written to the target, are two facts.

alter table approvals add column released_at timestamptz;
update approvals set released_at = carried_out_at;
comment on column approvals.released_at is
    'When its process went on to carry the approved change out; nothing is written yet.';
comment on column approvals.carried_out_at is
    'When the first write to the target was committed to; from then on the request is past cancelling.';
