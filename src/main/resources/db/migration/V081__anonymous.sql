-- Whoever fails to sign in is nobody known, and not Countersign itself.

alter table audit_entries
    drop constraint audit_entries_actor_type_check,
    add constraint audit_entries_actor_type_check
        check (actor_type in ('person', 'orchestrator', 'system', 'anonymous'));
