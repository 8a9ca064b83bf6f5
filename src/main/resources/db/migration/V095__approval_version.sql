-- An approval is read with its stages by one statement, also where that waits for its lock.

alter table approvals add column version bigint not null default 0;
comment on column approvals.version is 'Counts its changes and those of its stages, decisions and questions.';
