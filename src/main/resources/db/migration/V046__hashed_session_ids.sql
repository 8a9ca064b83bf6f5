-- A session's id is the SHA-256 of what its cookie holds, so that whoever reads the table opens no session.
-- Sessions from before keep their cookies.

alter table spring_session alter column session_id type varchar(64);

update spring_session set session_id = encode(sha256(convert_to(session_id, 'UTF8')), 'hex');

comment on column spring_session.session_id is 'SHA-256 of the secret that the browser''s cookie holds.';
