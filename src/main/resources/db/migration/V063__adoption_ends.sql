-- An adoption holds for the first deployment of the request that asked for it, and for nothing that comes later.

alter table routes add column adopting boolean not null default false;
comment on column routes.adopting is
    'Whether what is being written may take over what others made: from the first write of a request until it is done.';
