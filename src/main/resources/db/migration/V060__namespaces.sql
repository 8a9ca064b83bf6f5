-- Where each project and organization writes its objects.

create table namespaces (
    namespace text primary key,
    scope     text not null unique
);
comment on table namespaces is 'Binds each project and organization to a namespace. The key keeps two from sharing one.';
comment on column namespaces.scope is 'The project or organization, such as project:storefront; bound for good.';

-- Until now the id was the namespace. Where an organization and a project have the same id, the project moves.
insert into namespaces (namespace, scope) select id, 'organization:' || id from organizations;
insert into namespaces (namespace, scope)
select case when exists (select from organizations o where o.id = p.id) then left('project-' || p.id, 63) else p.id end,
       'project:' || p.id
from projects p;
