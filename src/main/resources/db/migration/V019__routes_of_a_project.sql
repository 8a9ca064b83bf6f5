-- A project's routes are listed newest first whatever their domain.

create index routes_of_project on routes (project_id, created_at desc, id desc) where not gone;
