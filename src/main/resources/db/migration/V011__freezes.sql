-- Windows in which nothing is deployed or provisioned.

create table freezes (
    id          uuid primary key,
    scope       text        not null,
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    reason      text        not null,
    created_by  text        not null,
    created_at  timestamptz not null,
    lifted_at   timestamptz,
    lifted_by   text,
    lift_reason text,
    check (starts_at < ends_at)
);
create index freezes_present on freezes (scope, ends_at) where lifted_at is null;
create index freezes_scope on freezes (scope, starts_at desc);
comment on table freezes is 'Freeze windows: deployments and provisioning wait until they end; decisions may still be taken.';
comment on column freezes.scope is 'An organization or a project, such as project:storefront.';
comment on column freezes.lifted_at is 'When an owner lifted it before its end.';
