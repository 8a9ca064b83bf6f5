package io.countersign.gateway;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.ApprovalId;
import io.countersign.gateway.Attachment.Request;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes attachments. Applies no rules. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class AttachmentStore {

    private static final Keyset<Attachment> NEWEST_FIRST = Keyset.newestFirst(
            "created_at", "id", Key::uuid, attachment -> Key.of(attachment.createdAt(), attachment.id()));

    private final JdbcClient jdbc;

    AttachmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if this client is already attached to this route, or about to be */
    boolean insert(Attachment attachment) {
        return jdbc.sql("""
                                insert into attachments (id, project_id, route_id, client_id, status, ip_addresses,
                                                         attach_content, attach_approval, created_by, created_at,
                                                         updated_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                on conflict do nothing""")
                        .params(
                                attachment.id(),
                                attachment.project(),
                                attachment.route(),
                                attachment.client(),
                                attachment.status().wireName(),
                                attachment.ipAddresses().toArray(String[]::new),
                                attachment.attach().content(),
                                attachment.attach().approval().value(),
                                attachment.createdBy().value(),
                                Timestamp.from(attachment.createdAt()),
                                Timestamp.from(attachment.updatedAt()))
                        .update()
                == 1;
    }

    /** @return whether a client has, or ever had, an attachment or a request for one */
    boolean everOfClient(UUID client) {
        return jdbc.sql("select exists (select from attachments where client_id = ?)")
                .param(client)
                .query(Boolean.class)
                .single();
    }

    /** Writes every mutable field of an attachment. */
    void save(Attachment attachment) {
        jdbc.sql("""
                        update attachments
                        set status = ?, ip_addresses = ?, attach_content = ?, attach_approval = ?,
                            update_content = ?, update_approval = ?, detach_content = ?, detach_approval = ?,
                            released = ?, updated_at = ?
                        where id = ?""")
                .params(
                        attachment.status().wireName(),
                        attachment.ipAddresses().toArray(String[]::new),
                        attachment.attach().content(),
                        attachment.attach().approval().value(),
                        attachment.update().map(Request::content).orElse(null),
                        attachment
                                .update()
                                .map(Request::approval)
                                .map(ApprovalId::value)
                                .orElse(null),
                        attachment.detach().map(Request::content).orElse(null),
                        attachment
                                .detach()
                                .map(Request::approval)
                                .map(ApprovalId::value)
                                .orElse(null),
                        attachment.released(),
                        Timestamp.from(attachment.updatedAt()),
                        attachment.id())
                .update();
    }

    /** Records the process instance that carries out the last request. */
    void setProcess(UUID id, String process) {
        jdbc.sql("update attachments set process = ? where id = ?")
                .params(process, id)
                .update();
    }

    /** @return the attachment, or empty if there is none with that id */
    Optional<Attachment> find(UUID id) {
        return jdbc.sql("select * from attachments where id = ?")
                .param(id)
                .query(AttachmentStore::attachment)
                .optional();
    }

    /**
     * Reads an attachment and locks its row until the transaction ends.
     *
     * @throws NotFound if there is none with that id
     */
    Attachment lock(UUID id) {
        return jdbc.sql("select * from attachments where id = ? for update")
                .param(id)
                .query(AttachmentStore::attachment)
                .optional()
                .orElseThrow(() -> new NotFound("attachment", id.toString()));
    }

    /** @return the live attachment of a client to a route, if there is one */
    Optional<Attachment> findLive(UUID route, UUID client) {
        return jdbc.sql("""
                        select * from attachments
                        where route_id = ? and client_id = ? and status not in ('rejected', 'removed')""")
                .params(route, client)
                .query(AttachmentStore::attachment)
                .optional();
    }

    /** @return a route's attachments that have not ended, locked until the transaction ends, in a stable order */
    List<Attachment> lockLiveOfRoute(UUID route) {
        return live("route_id", route, " for update");
    }

    /** @return a route's attachments that have not ended, in a stable order */
    List<Attachment> liveOfRoute(UUID route) {
        return live("route_id", route, "");
    }

    /** @return a client's attachments that have not ended, locked until the transaction ends, in a stable order */
    List<Attachment> lockLiveOfClient(UUID client) {
        return live("client_id", client, " for update");
    }

    /** @return a client's attachments that have not ended, in a stable order */
    List<Attachment> liveOfClient(UUID client) {
        return live("client_id", client, "");
    }

    private List<Attachment> live(String column, UUID id, String lock) {
        return jdbc.sql("""
                        select * from attachments
                        where %s = ? and status not in ('rejected', 'removed')
                        order by created_at, id%s""".formatted(column, lock))
                .param(id)
                .query(AttachmentStore::attachment)
                .list();
    }

    /** @return attachments, newest first */
    Page<Attachment> list(String project, Attachments.Query query, PageRequest page) {
        return PageQuery.of("select * from attachments where project_id = ?", project)
                .andIf("route_id = ?", query.route())
                .andIf("client_id = ?", query.client())
                .andIf("status = ?", query.status().map(AttachmentStatus::wireName))
                .page(jdbc, AttachmentStore::attachment, NEWEST_FIRST, page);
    }

    private static Optional<Request> request(ResultSet row, String action) throws SQLException {
        UUID approval = row.getObject(action + "_approval", UUID.class);
        return approval == null
                ? Optional.empty()
                : Optional.of(new Request(row.getString(action + "_content"), new ApprovalId(approval)));
    }

    private static Attachment attachment(ResultSet row, int number) throws SQLException {
        return new Attachment(
                row.getObject("id", UUID.class),
                row.getString("project_id"),
                row.getObject("route_id", UUID.class),
                row.getObject("client_id", UUID.class),
                AttachmentStatus.find(row.getString("status")).orElseThrow(),
                List.of((String[]) row.getArray("ip_addresses").getArray()),
                request(row, "attach").orElseThrow(),
                request(row, "update"),
                request(row, "detach"),
                row.getBoolean("released"),
                Optional.ofNullable(row.getString("process")),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }
}
