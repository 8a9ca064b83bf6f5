-- A policy says who is told of a request: not everybody who may decide it, where these are thousands.

alter table approvals add column notify text check (notify in ('all', 'team', 'last_deciders'));
comment on column approvals.notify is
    'The policy copy: who of those who may decide is asked to; null for all of up to fifty, and of more those who decided last.';
