package io.countersign.gateway;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.ApprovalId;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.identity.UserId;
import io.countersign.transaction.TransactionMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes routes. Applies no rules. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class RouteStore {

    private static final Keyset<Route> NEWEST_FIRST =
            Keyset.newestFirst("created_at", "id", Key::uuid, route -> Key.of(route.createdAt(), route.id()));

    private final JdbcClient jdbc;

    /** The routes whose rows the current transaction has locked, in their present state. */
    private final TransactionMemory<UUID, Route> held = new TransactionMemory<>();

    RouteStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if there is already a route with that name */
    boolean insert(Route route) {
        Request request = route.request().orElseThrow();
        boolean inserted = jdbc.sql("""
                                insert into routes (id, project_id, domain_id, name, status, request_action,
                                                    request_content, request_approval, created_by, created_at,
                                                    updated_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                on conflict do nothing""")
                        .params(
                                route.id(),
                                route.project(),
                                route.domain(),
                                route.name(),
                                route.status().wireName(),
                                request.action().wireName(),
                                request.content(),
                                request.approval().value(),
                                route.createdBy().value(),
                                Timestamp.from(route.createdAt()),
                                Timestamp.from(route.updatedAt()))
                        .update()
                == 1;
        if (inserted) {
            held.put(route.id(), route);
        }
        return inserted;
    }

    /** Writes every mutable field of a route. */
    void save(Route route) {
        Optional<Request> request = route.request();
        Optional<Request> released = route.released();
        jdbc.sql("""
                        update routes
                        set status = ?, status_before = ?, status_reason = ?,
                            request_action = ?, request_content = ?, request_approval = ?::uuid,
                            released_action = ?, released_content = ?, released_approval = ?::uuid,
                            adopting = ?, deployed_content = ?, deployment_done = ?, gone = ?, updated_at = ?
                        where id = ?""")
                .params(
                        route.status().wireName(),
                        text(route.statusBefore().map(RouteStatus::wireName)),
                        text(route.statusReason()),
                        text(request.map(Request::action).map(Action::wireName)),
                        text(request.map(Request::content)),
                        text(request.map(Request::approval).map(ApprovalId::toString)),
                        text(released.map(Request::action).map(Action::wireName)),
                        text(released.map(Request::content)),
                        text(released.map(Request::approval).map(ApprovalId::toString)),
                        route.adopting(),
                        text(route.deployed()),
                        route.deploymentDone(),
                        route.gone(),
                        Timestamp.from(route.updatedAt()),
                        route.id())
                .update();
        held.put(route.id(), route);
    }

    /** Carries the SQL type even for null; without it PostgreSQL plans each update as a different statement. */
    private static SqlParameterValue text(Optional<String> value) {
        return new SqlParameterValue(Types.VARCHAR, value.orElse(null));
    }

    /** @return the id of the route whose last request or redeployment a process carries out */
    Optional<UUID> findByProcess(String process) {
        return jdbc.sql("select id from routes where process = ?")
                .param(process)
                .query(UUID.class)
                .optional();
    }

    /** Records the process instance that carries out the last request or redeployment. */
    void setProcess(UUID id, String process) {
        jdbc.sql("update routes set process = ? where id = ?")
                .params(process, id)
                .update();
        held.change(id, route -> route.carriedOutBy(process));
    }

    /** @return the route, even if it is gone; empty if none ever had that id */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    Optional<Route> find(UUID id) {
        return held.find(id)
                .or(() -> jdbc.sql("select * from routes where id = ?")
                        .param(id)
                        .query(RouteStore::route)
                        .optional());
    }

    /**
     * Reads a route and locks its row until the transaction ends, to serialize its changes.
     *
     * @throws NotFound if none ever had that id
     */
    Route lock(UUID id) {
        return held.get(
                id,
                () -> jdbc.sql("select * from routes where id = ? for update")
                        .param(id)
                        .query(RouteStore::route)
                        .optional()
                        .orElseThrow(() -> new NotFound("route", id.toString())));
    }

    /**
     * @param domain only of this domain
     * @param status only in this status
     * @return routes that are not gone, newest first
     */
    Page<Route> list(String project, Optional<String> domain, Optional<RouteStatus> status, PageRequest page) {
        return PageQuery.of("select * from routes where project_id = ? and not gone", project)
                .andIf("domain_id = ?", domain)
                .andIf("status = ?", status.map(RouteStatus::wireName))
                .page(jdbc, RouteStore::route, NEWEST_FIRST, page);
    }

    /** @return whether a domain has routes that are neither rejected nor gone */
    boolean existIn(String project, String domain) {
        return jdbc.sql("""
                        select exists (select from routes
                                       where project_id = ? and domain_id = ? and not gone and status <> 'rejected')""").params(project, domain).query(Boolean.class).single();
    }

    private static Route route(ResultSet row, int number) throws SQLException {
        return new Route(
                row.getObject("id", UUID.class),
                row.getString("project_id"),
                row.getString("domain_id"),
                row.getString("name"),
                RouteStatus.find(row.getString("status")).orElseThrow(),
                Optional.ofNullable(row.getString("status_before")).flatMap(RouteStatus::find),
                Optional.ofNullable(row.getString("status_reason")),
                request(row, "request"),
                request(row, "released"),
                row.getBoolean("adopting"),
                Optional.ofNullable(row.getString("deployed_content")),
                row.getBoolean("deployment_done"),
                Optional.ofNullable(row.getString("process")),
                row.getBoolean("gone"),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }

    private static Optional<Request> request(ResultSet row, String prefix) throws SQLException {
        String action = row.getString(prefix + "_action");
        return action == null
                ? Optional.empty()
                : Optional.of(new Request(
                        Action.of(action),
                        row.getString(prefix + "_content"),
                        new ApprovalId(row.getObject(prefix + "_approval", UUID.class))));
    }
}
