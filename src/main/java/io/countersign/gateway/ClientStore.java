package io.countersign.gateway;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes clients. Applies no rules. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class ClientStore {

    private static final Keyset<ApiClient> NEWEST_FIRST =
            Keyset.newestFirst("created_at", "id", Key::uuid, client -> Key.of(client.createdAt(), client.id()));

    private final JdbcClient jdbc;

    ClientStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if there is already a client with that name */
    boolean insert(ApiClient client, String keyHash) {
        return jdbc.sql("""
                                insert into clients (id, project_id, name, team_id, ip_addresses, api_key_hash,
                                                     api_key_since, created_by, created_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                                on conflict do nothing""")
                        .params(
                                client.id(),
                                client.project(),
                                client.name(),
                                client.team().value(),
                                client.ipAddresses().toArray(String[]::new),
                                keyHash,
                                Timestamp.from(client.keyIssuedAt()),
                                client.createdBy().value(),
                                Timestamp.from(client.createdAt()))
                        .update()
                == 1;
    }

    /** Writes the team and networks of a client. */
    void update(UUID id, TeamId team, List<String> ipAddresses) {
        jdbc.sql("update clients set team_id = ?, ip_addresses = ? where id = ?")
                .params(team.value(), ipAddresses.toArray(String[]::new), id)
                .update();
    }

    /** Writes the hash of a new key. */
    void setKey(UUID id, String keyHash, Instant since) {
        jdbc.sql("update clients set api_key_hash = ?, api_key_since = ? where id = ?")
                .params(keyHash, Timestamp.from(since), id)
                .update();
    }

    /** Records whether the client is deleted once its last attachment is removed. */
    void setDeleting(UUID id, boolean deleting) {
        jdbc.sql("update clients set deleting = ? where id = ?")
                .params(deleting, id)
                .update();
    }

    /** Records that the client is gone. */
    void setGone(UUID id) {
        jdbc.sql("update clients set gone = true, api_key_hash = '' where id = ?")
                .param(id)
                .update();
    }

    /** @return the client, unless it is gone */
    Optional<ApiClient> find(UUID id) {
        return jdbc.sql("select * from clients where id = ? and not gone")
                .param(id)
                .query(ClientStore::client)
                .optional();
    }

    /** @return the client, even if it is gone */
    Optional<ApiClient> findEver(UUID id) {
        return jdbc.sql("select * from clients where id = ?")
                .param(id)
                .query(ClientStore::client)
                .optional();
    }

    /**
     * Reads a client and locks its row until the transaction ends.
     *
     * @throws NotFound if there is none with that id
     */
    ApiClient lock(UUID id) {
        return jdbc.sql("select * from clients where id = ? and not gone for update")
                .param(id)
                .query(ClientStore::client)
                .optional()
                .orElseThrow(() -> new NotFound("client", id.toString()));
    }

    /** @return a project's clients, newest first */
    Page<ApiClient> list(String project, PageRequest page) {
        return PageQuery.of("select * from clients where project_id = ? and not gone", project)
                .page(jdbc, ClientStore::client, NEWEST_FIRST, page);
    }

    private static ApiClient client(ResultSet row, int number) throws SQLException {
        return new ApiClient(
                row.getObject("id", UUID.class),
                row.getString("project_id"),
                row.getString("name"),
                new TeamId(row.getString("team_id")),
                List.of((String[]) row.getArray("ip_addresses").getArray()),
                row.getTimestamp("api_key_since").toInstant(),
                row.getBoolean("deleting"),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant());
    }
}
