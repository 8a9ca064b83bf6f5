-- Lets the page of a request show the process that it went through, also after its stages are decided.

alter table approval_stages add column process_instance_id text;
comment on column approval_stages.process_instance_id is
    'The process instance that opened the stage; null for a stage that was never open, or opened before this column.';
