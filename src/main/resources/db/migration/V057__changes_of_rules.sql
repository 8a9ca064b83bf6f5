-- What a request's deciders are told of its submitter: few entries of the trail are about who may decide.

create index audit_entries_of_rules on audit_entries (scope, at, id)
    where entity_type = 'approval_policy' or action in ('set_role', 'remove_member');
