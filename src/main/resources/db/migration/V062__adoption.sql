-- Whether a cluster's creation takes over what exists already under its name; a route says so in its content.

alter table clusters add column adopt boolean not null default false;
comment on column clusters.adopt is
    'Whether what was asked for last takes over an object of the cluster''s name that is somebody else''s.';
