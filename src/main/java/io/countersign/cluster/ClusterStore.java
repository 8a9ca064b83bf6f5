package io.countersign.cluster;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.cluster.ClusterRecord.Request;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes clusters. Applies no rules. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ClusterStore {

    private static final Keyset<ClusterRecord> NEWEST_FIRST = Keyset.newestFirst(
            "requested_at",
            "id",
            Key::uuid,
            row -> Key.of(row.present().requestedAt(), row.present().id()));

    private final JdbcClient jdbc;
    private final Clock clock;

    ClusterStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Stores a new cluster. A concurrent transaction with the same name waits here until the first one ends.
     *
     * @return false if the organization already has a cluster with that name, neither deleted nor rejected
     */
    public boolean insert(Cluster cluster) {
        ClusterSpec spec = cluster.spec();
        return jdbc.sql("""
                                insert into clusters (id, organization_id, name, provider, region, kubernetes_version,
                                                      node_groups, adopt, status, change, change_done, changed_by,
                                                      requested_by, requested_at, updated_at, version, approval_id)
                                values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, false, ?, ?, ?, ?, 0, ?)
                                on conflict (organization_id, name) where status not in ('DELETED', 'REJECTED')
                                do nothing""")
                        .params(
                                cluster.id(),
                                cluster.organization(),
                                cluster.name(),
                                spec.provider(),
                                spec.region(),
                                spec.kubernetesVersion(),
                                CanonicalJson.write(spec.nodeGroups()),
                                spec.adopt(),
                                cluster.status().name(),
                                Change.CREATE.wireName(),
                                cluster.requestedBy().value(),
                                cluster.requestedBy().value(),
                                Timestamp.from(cluster.requestedAt()),
                                Timestamp.from(cluster.updatedAt()),
                                cluster.approvalId().value())
                        .update()
                == 1;
    }

    /** @return the cluster, or empty if there is none with that id */
    public Optional<ClusterRecord> find(UUID id) {
        return jdbc.sql("select * from clusters where id = ?")
                .param(id)
                .query(ClusterStore::read)
                .optional();
    }

    /** @return the organization's cluster with that name: the live one, else the one that ended last */
    public Optional<ClusterRecord> find(String organization, String name) {
        return jdbc.sql("""
                        select * from clusters where organization_id = ? and name = ?
                        order by status in ('DELETED', 'REJECTED'), requested_at desc limit 1""")
                .params(organization, name)
                .query(ClusterStore::read)
                .optional();
    }

    /** Reads a cluster and locks its row until the transaction ends, to serialize its changes. */
    public Optional<ClusterRecord> lock(UUID id) {
        return jdbc.sql("select * from clusters where id = ? for update")
                .param(id)
                .query(ClusterStore::read)
                .optional();
    }

    /** Like {@link #lock(UUID)}, by name. */
    public Optional<ClusterRecord> lock(String organization, String name) {
        return find(organization, name).flatMap(found -> lock(found.cluster().id()));
    }

    /** Like {@link #lock(UUID)}, by the root process of its last or its requested change. */
    public Optional<ClusterRecord> lockByProcess(String process) {
        return jdbc.sql("select * from clusters where process_instance_id = ? or request_process = ? for update")
                .params(process, process)
                .query(ClusterStore::read)
                .optional();
    }

    /**
     * @param status only clusters in this status; if empty, all but the deleted
     * @return an organization's clusters, newest first
     */
    public Page<ClusterRecord> list(String organization, Optional<ClusterStatus> status, PageRequest page) {
        return PageQuery.of("select * from clusters where organization_id = ?", organization)
                .and(
                        status.isPresent() ? "status = ?" : "status <> ?",
                        status.orElse(ClusterStatus.DELETED).name())
                .page(jdbc, ClusterStore::read, NEWEST_FIRST, page);
    }

    /**
     * Writes the mutable fields of a cluster whose row is locked.
     *
     * @return the row as saved
     */
    public ClusterRecord save(ClusterRecord row) {
        Cluster cluster = row.present();
        Optional<Request> request = row.request();
        jdbc.sql("""
                        update clusters set kubernetes_version = ?, node_groups = ?::jsonb, adopt = ?, status = ?,
                                            status_reason = ?, change = ?, change_done = ?, changed_by = ?,
                                            approval_id = ?, process_instance_id = ?,
                                            request_change = ?, request_kubernetes_version = ?,
                                            request_node_groups = ?::jsonb, request_approval = ?::uuid,
                                            request_by = ?, request_process = ?, status_before = ?,
                                            updated_at = ?, version = version + 1
                        where id = ?""")
                .params(
                        cluster.spec().kubernetesVersion(),
                        CanonicalJson.write(cluster.spec().nodeGroups()),
                        cluster.spec().adopt(),
                        cluster.status().name(),
                        cluster.statusReason(),
                        row.begun().wireName(),
                        row.changeDone(),
                        row.begunBy().value(),
                        cluster.approvalId().value(),
                        cluster.processInstanceId(),
                        text(request.map(Request::change).map(Change::wireName)),
                        text(request.map(Request::spec).map(ClusterSpec::kubernetesVersion)),
                        text(request.map(Request::spec)
                                .map(ClusterSpec::nodeGroups)
                                .map(CanonicalJson::write)),
                        text(request.map(Request::approval).map(ApprovalId::toString)),
                        text(request.map(Request::by).map(UserId::value)),
                        text(request.map(Request::process)),
                        text(request.map(Request::before).map(ClusterStatus::name)),
                        Timestamp.from(clock.instant()),
                        cluster.id())
                .update();
        return row.saved();
    }

    /** Carries the SQL type even for null. */
    private static SqlParameterValue text(Optional<String> value) {
        return new SqlParameterValue(Types.VARCHAR, value.orElse(null));
    }

    /** Records which process carries out the last or the requested change. */
    public void setProcess(ClusterRecord row, String processInstanceId) {
        jdbc.sql("update clusters set "
                        + (row.request().isPresent() ? "request_process" : "process_instance_id")
                        + " = ? where id = ?")
                .params(processInstanceId, row.present().id())
                .update();
    }

    private static ClusterRecord read(ResultSet row, int number) throws SQLException {
        ClusterSpec spec = new ClusterSpec(
                row.getString("provider"),
                row.getString("region"),
                row.getString("kubernetes_version"),
                List.of(CanonicalJson.read(row.getString("node_groups"), NodeGroup[].class)),
                row.getBoolean("adopt"));
        Cluster cluster = new Cluster(
                row.getObject("id", UUID.class),
                row.getString("organization_id"),
                row.getString("name"),
                spec,
                ClusterStatus.valueOf(row.getString("status")),
                row.getString("status_reason"),
                new UserId(row.getString("requested_by")),
                row.getTimestamp("requested_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                new ApprovalId(row.getObject("approval_id", UUID.class)),
                row.getString("process_instance_id"));
        return new ClusterRecord(
                cluster,
                Change.of(row.getString("change")),
                row.getBoolean("change_done"),
                new UserId(row.getString("changed_by")),
                row.getInt("version"),
                row.getString("request_change") == null ? Optional.empty() : Optional.of(request(row, spec)));
    }

    private static Request request(ResultSet row, ClusterSpec present) throws SQLException {
        return new Request(
                Change.of(row.getString("request_change")),
                new ClusterSpec(
                        present.provider(),
                        present.region(),
                        row.getString("request_kubernetes_version"),
                        List.of(CanonicalJson.read(row.getString("request_node_groups"), NodeGroup[].class))),
                new ApprovalId(row.getObject("request_approval", UUID.class)),
                new UserId(row.getString("request_by")),
                row.getString("request_process"),
                ClusterStatus.valueOf(row.getString("status_before")));
    }
}
