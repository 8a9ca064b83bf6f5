package io.countersign.gateway;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Names;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Host names of projects. A host belongs to one project only, so that no project receives another's requests. */
@Component
@Transactional
public class Domains {

    private static final String ENTITY = "domain";
    private static final Keyset<Domain> NEWEST_FIRST =
            Keyset.newestFirst("created_at", "id", Key::id, domain -> Key.of(domain.createdAt(), domain.id()));

    private final JdbcClient jdbc;
    private final ProjectAccess access;
    private final RouteStore routes;
    private final AuditTrail audit;
    private final Clock clock;

    Domains(JdbcClient jdbc, ProjectAccess access, RouteStore routes, AuditTrail audit, Clock clock) {
        this.jdbc = jdbc;
        this.access = access;
        this.routes = routes;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param reader someone who may view domains
     * @return the project's domains, newest first
     * @throws NotFound if the reader may not see the project
     */
    @Transactional(readOnly = true)
    public Page<Domain> list(UserId reader, String project, PageRequest page) {
        access.requireView(reader, project, Permission.DOMAIN_VIEW);
        return PageQuery.of("select * from domains where project_id = ?", project)
                .page(jdbc, Domains::domain, NEWEST_FIRST, page);
    }

    /**
     * @return the domain
     * @throws NotFound if there is none with that id that the reader may see
     */
    @Transactional(readOnly = true)
    public Domain get(UserId reader, String project, String id) {
        access.requireView(reader, project, Permission.DOMAIN_VIEW);
        return find(project, id);
    }

    /**
     * Adds a domain.
     *
     * @param actor someone who may create domains
     * @throws InvalidInput naming every invalid field
     * @throws Forbidden unless the actor may create domains
     * @throws Conflict with {@code domain_exists} or {@code host_taken}
     */
    public Domain create(UserId actor, String project, String id, String host) {
        access.require(actor, project, Permission.DOMAIN_CREATE);
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(id), "id", Names.DNS_LABEL_RULE);
        validation.check(Domain.isHost(host), "host", Domain.HOST_RULE);
        validation.done();
        Domain domain = new Domain(project, id, host, actor, clock.instant());
        int added = jdbc.sql("""
                        insert into domains (project_id, id, host, created_by, created_at) values (?, ?, ?, ?, ?)
                        on conflict do nothing""")
                .params(project, id, host, actor.value(), Timestamp.from(domain.createdAt()))
                .update();
        if (added == 0) {
            throw exists(project, id)
                    ? new Conflict(ErrorCode.DOMAIN_EXISTS, "There is a domain \"" + id + "\" already.")
                    : hostTaken(host);
        }
        record(AuditAction.CREATE, domain, Difference.created(Map.of("host", host)));
        return find(project, id);
    }

    /**
     * Changes the host of a domain without routes: a route's host is part of what was approved.
     *
     * @param actor someone who may edit domains
     * @throws Forbidden unless the actor may edit domains
     * @throws Conflict with {@code domain_in_use} or {@code host_taken}
     */
    public Domain update(UserId actor, String project, String id, String host) {
        access.require(actor, project, Permission.DOMAIN_EDIT);
        Domain present = lock(project, id);
        if (!Domain.isHost(host)) {
            throw new InvalidInput("host", Domain.HOST_RULE);
        }
        if (host.equals(present.host())) {
            return present;
        }
        requireUnused(project, id);
        try {
            jdbc.sql("update domains set host = ? where project_id = ? and id = ?")
                    .params(host, project, id)
                    .update();
        } catch (DuplicateKeyException e) {
            throw hostTaken(host);
        }
        Domain domain = find(project, id);
        record(AuditAction.UPDATE, domain, new Difference(Map.of("host", present.host()), Map.of("host", host)));
        return domain;
    }

    /**
     * Removes a domain that has no routes.
     *
     * @param actor someone who may delete domains
     * @throws Forbidden unless the actor may delete domains
     * @throws Conflict with {@code domain_in_use} while it has routes
     */
    public void delete(UserId actor, String project, String id) {
        access.require(actor, project, Permission.DOMAIN_DELETE);
        Domain domain = lock(project, id);
        requireUnused(project, id);
        jdbc.sql("delete from domains where project_id = ? and id = ?")
                .params(project, id)
                .update();
        record(AuditAction.DELETE, domain, Difference.deleted(Map.of("host", domain.host())));
    }

    /** @return the domain, without a permission check */
    Domain find(String project, String id) {
        return jdbc.sql("select * from domains where project_id = ? and id = ?")
                .params(project, id)
                .query(Domains::domain)
                .optional()
                .orElseThrow(() -> new NotFound(ENTITY, id));
    }

    /** Reads a domain and prevents changes to it until the transaction ends, so that a new route can rely on it. */
    Domain hold(String project, String id) {
        return jdbc.sql("select * from domains where project_id = ? and id = ? for share")
                .params(project, id)
                .query(Domains::domain)
                .optional()
                .orElseThrow(() -> new NotFound(ENTITY, id));
    }

    /** Reads a domain and locks its row until the transaction ends. */
    private Domain lock(String project, String id) {
        jdbc.sql("select id from domains where project_id = ? and id = ? for update")
                .params(project, id)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new NotFound(ENTITY, id));
        return find(project, id);
    }

    private boolean exists(String project, String id) {
        return jdbc.sql("select exists (select from domains where project_id = ? and id = ?)")
                .params(project, id)
                .query(Boolean.class)
                .single();
    }

    private void requireUnused(String project, String id) {
        if (routes.existIn(project, id)) {
            throw new Conflict(ErrorCode.DOMAIN_IN_USE, "The domain has routes. Delete them first.");
        }
    }

    private static Conflict hostTaken(String host) {
        return new Conflict(ErrorCode.HOST_TAKEN, "The host " + host + " belongs to another domain.");
    }

    private void record(AuditAction action, Domain domain, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        ENTITY,
                        domain.project() + "/" + domain.id(),
                        domain.id(),
                        Scope.project(domain.project()).toString()),
                Map.of("host", domain.host()),
                difference);
    }

    private static Domain domain(ResultSet row, int number) throws SQLException {
        return new Domain(
                row.getString("project_id"),
                row.getString("id"),
                row.getString("host"),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant());
    }
}
