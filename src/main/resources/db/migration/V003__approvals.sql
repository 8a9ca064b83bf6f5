-- Approvals, their stages and decisions. The engine holds ids only; these rows are the truth.

create table approval_policies (
    scope       text  not null,
    entity_type text  not null,
    action      text  not null default '*',
    policy      jsonb not null,
    updated_at  timestamptz not null default now(),
    primary key (scope, entity_type, action)
);
comment on table approval_policies is 'Stages that a request of an entity type needs in a scope.';
comment on column approval_policies.action is 'The action it holds for; * for all that have none of their own.';

create table approvals (
    id                 uuid primary key,
    entity_type        text        not null,
    entity_id          text        not null,
    entity_name        text        not null,
    action             text        not null,
    scope              text        not null,
    status             text        not null check (status in ('pending', 'approved', 'rejected', 'cancelled')),
    submitter          text        not null,
    submitter_team     text,
    submitted_at       timestamptz not null,
    closed_at          timestamptz,
    carried_out_at     timestamptz,
    content            text        not null,
    content_hash       text        not null,
    current_content    text,
    distinct_approvers boolean     not null,
    policy_hash        text        not null,
    stuck_reason       text
);
create index approvals_newest on approvals (submitted_at desc, id desc);
create index approvals_scope on approvals (scope, submitted_at desc, id desc);
create index approvals_submitter on approvals (submitter, submitted_at desc, id desc);
create index approvals_entity on approvals (entity_type, entity_id);
create index approvals_pending on approvals (scope, submitted_at desc, id desc) where status = 'pending';
comment on table approvals is 'One request that people must agree to.';
comment on column approvals.content is 'What is asked for, as canonical JSON: exactly this is decided and carried out.';
comment on column approvals.current_content is 'What it would replace, as canonical JSON; null for something new.';
comment on column approvals.content_hash is 'SHA-256 of content.';
comment on column approvals.policy_hash is 'SHA-256 of the copied policy as canonical JSON.';
comment on column approvals.carried_out_at is 'When the approved change began to be carried out.';
comment on column approvals.stuck_reason is 'Why nobody can decide the open stage; null while somebody can.';

create table approval_stages (
    id                  uuid primary key,
    approval_id         uuid not null references approvals,
    stage_order         int  not null,
    required_permission text not null,
    team_scope          text not null check (team_scope in ('any', 'other_team', 'submitter_team')),
    min_approvers       int  not null check (min_approvers >= 1),
    status              text not null check (status in ('pending', 'approved', 'rejected')),
    task_id             text,
    unique (approval_id, stage_order)
);
comment on table approval_stages is 'The request''s own copy of its policy''s stages.';
comment on column approval_stages.task_id is 'The engine''s user task while the stage is open.';

create table approval_decisions (
    id         bigint generated always as identity primary key,
    stage_id   uuid        not null references approval_stages,
    verdict    text        not null check (verdict in ('approve', 'reject')),
    decided_by text        not null,
    decided_at timestamptz not null,
    comment    text,
    override   boolean     not null,
    origin     text        not null,
    unique (stage_id, decided_by)
);
comment on table approval_decisions is 'Who decided what; a stage that asks for several people has several.';
comment on column approval_decisions.override is 'Whether a superadmin decided a stuck stage.';

create table approval_comments (
    id          bigint generated always as identity primary key,
    approval_id uuid        not null references approvals,
    author      text        not null,
    written_at  timestamptz not null,
    text        text        not null
);
create index approval_comments_approval on approval_comments (approval_id, id);
comment on table approval_comments is 'Discussion beside the decisions.';
