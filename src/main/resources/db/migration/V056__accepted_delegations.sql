-- A stand-in is asked first: a delegation holds from its acceptance on.

alter table delegations
    add column accepted_at timestamptz,
    add column declined_at timestamptz,
    add constraint delegations_answered_once check (accepted_at is null or declined_at is null);
comment on column delegations.accepted_at is 'When the stand-in accepted; a delegation holds only after that.';
comment on column delegations.declined_at is 'When the stand-in declined; the delegation is over then.';

-- Those of before were in force without being asked for.
update delegations set accepted_at = created_at;

drop index delegations_stand_in;
drop index delegations_absent;
create index delegations_stand_in on delegations (stand_in, ends_at) where ended_at is null and declined_at is null;
create index delegations_absent on delegations (absent, ends_at) where ended_at is null and declined_at is null;
