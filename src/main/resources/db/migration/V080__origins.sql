comment on column audit_entries.origin is 'From where: console, mail, tasklist, engine-rest, api or system.';
