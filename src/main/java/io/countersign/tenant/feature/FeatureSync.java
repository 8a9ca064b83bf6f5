package io.countersign.tenant.feature;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.paging.JdbcCursor;
import io.countersign.tenant.orchestrator.OrchestratorId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What an orchestrator fetches at each sync: the status and feature flags of all its tenants, all or nothing. A
 * response must never be partial, and an error must never look like "no tenants". It is built completely, from one
 * database snapshot, before the first byte is sent: any failure is an error, and a slow reader occupies no database
 * connection.
 */
@Component
public class FeatureSync {

    /** Incremented when the format of the response changes, so that no client keeps the old format. */
    private static final int FORMAT = 1;

    private static final String VERSION = "select version from feature_sync_versions where orchestrator_id = ?";
    private static final String NOTE = "Changes take effect here and never remove what edges already run: do not"
            + " disconnect edges of a tenant that is suspended or whose features are off. Keep the last known state"
            + " while this is unavailable or returns an error.";

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Duration pollInterval;

    FeatureSync(
            DataSource database,
            ObjectMapper json,
            @Value("${countersign.tenants.poll-interval}") Duration pollInterval) {
        this.jdbc = JdbcCursor.client(database);
        this.json = json;
        this.pollInterval = pollInterval;
    }

    /**
     * A response.
     *
     * @param etag identifies it among all responses to the same orchestrator, quotes included
     * @param body JSON in UTF-8
     */
    public record Snapshot(String etag, byte[] body) {}

    /** @return the entity tag of what {@link #read} would return now, at the cost of one row */
    @Transactional(readOnly = true)
    public String etag(OrchestratorId orchestrator) {
        return etag(version(orchestrator));
    }

    /** @return all tenants of an orchestrator, ordered by tenant id, each with its last registration */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Snapshot read(OrchestratorId orchestrator) {
        long version = version(orchestrator);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator out = json.getFactory().createGenerator(body)) {
            out.writeStartObject();
            out.writeNumberField("poll_interval_seconds", pollInterval.toSeconds());
            out.writeObjectFieldStart("guidance");
            out.writeBooleanField("disconnect_edges", false);
            out.writeBooleanField("keep_last_state_on_error", true);
            out.writeStringField("note", NOTE);
            out.writeEndObject();
            out.writeArrayFieldStart("tenants");
            writeTenants(orchestrator, out);
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Snapshot(etag(version), body.toByteArray());
    }

    private void writeTenants(OrchestratorId orchestrator, JsonGenerator out) {
        jdbc.sql("""
                select tenant_id, status,
                       status = 'active' and suricata is not false as suricata,
                       status = 'active' and wireguard_iot is not false as wireguard_iot
                from tenants where orchestrator_id = ? and latest order by tenant_id""").param(orchestrator.value()).query(row -> {
            try {
                out.writeStartObject();
                out.writeStringField("tenant_id", row.getString("tenant_id"));
                out.writeStringField("status", row.getString("status"));
                out.writeObjectFieldStart("features");
                for (Feature feature : Feature.values()) {
                    out.writeBooleanField(feature.wireName(), row.getBoolean(feature.wireName()));
                }
                out.writeEndObject();
                out.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private long version(OrchestratorId orchestrator) {
        return jdbc.sql(VERSION).param(orchestrator.value()).query(Long.class).single();
    }

    private String etag(long version) {
        return "\"" + FORMAT + "-" + pollInterval.toSeconds() + "-" + version + "\"";
    }
}
