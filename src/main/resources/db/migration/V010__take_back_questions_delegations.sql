-- Approvals taken back, questions to the submitter, and stand-ins for people who are away.

-- Decisions that stand stay where they were, so that whatever counts them need not know of those that do not.
create table approval_former_decisions (
    id           bigint generated always as identity primary key,
    stage_id     uuid        not null references approval_stages,
    verdict      text        not null check (verdict in ('approve', 'reject')),
    decided_by   text        not null,
    on_behalf_of text,
    decided_at   timestamptz not null,
    comment      text,
    override     boolean     not null,
    origin       text        not null,
    ended_at     timestamptz not null,
    ended_by     text,
    ended_how    text        not null check (ended_how in ('taken_back', 'expired')),
    reason       text        not null
);
create index approval_former_decisions_stage on approval_former_decisions (stage_id, id);
comment on table approval_former_decisions is 'Decisions that no longer stand: taken back, or given too long ago.';
comment on column approval_former_decisions.ended_by is 'Who took it back; null if nobody did.';

alter table approval_decisions add column on_behalf_of text;
comment on column approval_decisions.on_behalf_of is 'The absent approver in whose place a stand-in decided.';

create table approval_questions (
    id           uuid primary key,
    approval_id  uuid        not null references approvals,
    stage_id     uuid        not null references approval_stages,
    asked_by     text        not null,
    on_behalf_of text,
    asked_at     timestamptz not null,
    question     text        not null,
    task_id      text,
    closed_at    timestamptz,
    closed_by    text,
    answer       text
);
create index approval_questions_approval on approval_questions (approval_id, asked_at);
create unique index approval_questions_open on approval_questions (approval_id) where closed_at is null;
comment on table approval_questions is 'Questions that hand a request back to its submitter; one at a time.';
comment on column approval_questions.task_id is 'The engine''s user task "Answer question" while the question is open.';
comment on column approval_questions.answer is 'What the submitter said; null if the question was withdrawn.';

alter table approvals
    add column round         int     not null default 0,
    add column has_former    boolean not null default false,
    add column has_questions boolean not null default false;
comment on column approvals.round is 'How often approvers were asked anew: after an answer, a take-back or an expiry.';
comment on column approvals.has_former is 'Whether any decision no longer stands; spares a look in most cases.';
comment on column approvals.has_questions is 'Whether the submitter was ever asked; spares a look in most cases.';

create table delegations (
    id         uuid primary key,
    absent     text        not null references users,
    stand_in   text        not null references users,
    scope      text,
    starts_at  timestamptz not null,
    ends_at    timestamptz not null,
    reason     text,
    created_by text        not null,
    created_at timestamptz not null,
    ended_at   timestamptz,
    ended_by   text,
    noted      text        not null default 'coming' check (noted in ('coming', 'begun', 'over')),
    check (starts_at < ends_at),
    check (absent <> stand_in)
);
create index delegations_stand_in on delegations (stand_in, ends_at) where ended_at is null;
create index delegations_absent on delegations (absent, ends_at) where ended_at is null;
create index delegations_unnoted on delegations (starts_at) where noted <> 'over';
comment on table delegations is 'Who decides approvals in the place of whom, and when.';
comment on column delegations.scope is 'Only there, such as project:storefront; null for everywhere.';
comment on column delegations.ended_at is 'When somebody ended it early.';
comment on column delegations.noted is 'Whether the pending approvals it touches were looked at when it began and ended.';
