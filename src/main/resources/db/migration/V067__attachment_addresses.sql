-- Where a client may call a route from is part of what was approved.

alter table attachments
    add column ip_addresses    text[] not null default '{}',
    add column update_content  text,
    add column update_approval uuid,
    add check ((update_content is null) = (update_approval is null));
update attachments a set ip_addresses = c.ip_addresses from clients c where c.id = a.client_id;
comment on column attachments.ip_addresses is
    'Networks in CIDR notation that the client may call the route from; none for any. Within what was approved.';
comment on column attachments.attach_content is 'What allows it: the request to attach, or the last update carried out.';
comment on column attachments.update_content is 'A request for further networks that is not carried out.';
comment on column attachments.update_approval is 'Its approval.';
