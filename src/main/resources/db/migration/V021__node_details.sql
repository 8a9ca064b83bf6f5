-- What operators want to know of an instance beside that it runs.

alter table nodes add column version text;
alter table nodes add column draining boolean not null default false;
comment on column nodes.version is 'What it runs; null for an instance of a version that does not say so.';
comment on column nodes.draining is 'It was told to stop, and finishes what it has under way.';
