package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ServerTest;
import io.countersign.chain.Anchor;
import io.countersign.chain.Finding;
import io.countersign.chain.Finding.Kind;
import io.countersign.chain.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What the owner of the tables can do to a trail, by switching its triggers off, and what verification says of it. Each
 * test has a trail of its own, in a schema beside the server's; its first entries are from before there was a chain,
 * and only its last one says of what kind its actor is.
 */
class TamperingTest extends ServerTest {

    private static final String SCHEMA = "tampering";
    private static final int ENTRIES = 10;
    private static final String INSERT = """
            insert into audit_entries
                (at, actor, action, entity_type, entity_id, entity_name, scope, origin, details)
            values (now(), 'ada', 'approve', 'cluster', ?, 'prod', 'organization:acme', 'console',
                    '{"stage": 1, "comment": "as discussed"}')""";

    @Autowired
    private DataSource server;

    private Connection connection;
    private JdbcClient jdbc;
    private Sealer sealer;
    private AuditVerification verification;

    @BeforeEach
    void makeTrail() throws SQLException {
        connection = server.getConnection();
        SingleConnectionDataSource own = new SingleConnectionDataSource(connection, true);
        jdbc = JdbcClient.create(own);
        run("drop schema if exists " + SCHEMA + " cascade");
        run("create schema " + SCHEMA);
        migrate("007");
        run("set search_path to " + SCHEMA);
        addEntries(1, 4);
        migrate("008");
        addEntries(5, 8);
        migrate("045");
        addEntries(9, ENTRIES - 1);
        run("""
                insert into audit_entries
                    (at, actor, actor_type, action, entity_type, entity_id, entity_name, scope, origin, details)
                values (now(), 'ada', 'person', 'approve', 'cluster', 'c10', 'prod', 'organization:acme', 'console',
                        '{}')""");
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(own);
        AuditReaders everybody = new AuditReaders() {
            @Override
            public boolean readsEverything(String user) {
                return true;
            }

            @Override
            public Set<String> scopesReadBy(String user) {
                return Set.of();
            }
        };
        sealer = new Sealer(jdbc, transactions, Clock.systemUTC());
        verification = new AuditVerification(own, transactions, sealer, everybody);
        sealer.seal();
    }

    @AfterEach
    void dropTrail() throws SQLException {
        run("drop schema " + SCHEMA + " cascade");
        run("set search_path to public, countersign");
        connection.close();
    }

    @Test
    void untouched_trail_is_intact_with_the_entries_from_before_the_chain() {
        Verification found = verify();

        assertThat(found.intact()).isTrue();
        assertThat(found.checked()).isEqualTo(ENTRIES);
        assertThat(jdbc.sql("select count(*) from audit_unsealed")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entries set actor = 'eve'",
                "delete from audit_entries",
                "truncate audit_entries cascade",
                "update audit_seals set hash = repeat('a', 64)",
                "delete from audit_seals",
                "truncate audit_seals"
            })
    void database_refuses_to_change_the_trail(String statement) {
        assertThatThrownBy(() -> run(statement))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("append-only");
        assertThat(verify().intact()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entries set actor = 'eve' where id = 5",
                "update audit_entries set at = at - interval '1 second' where id = 5",
                "update audit_entries set details = details || '{\"comment\": \"fine\"}' where id = 5",
                "update audit_entries set ip_address = '10.0.0.1' where id = 5",
                "update audit_entries set after = '{\"status\": \"approved\"}' where id = 5",
                "update audit_seals set sealed_at = now() - interval '1 day' where sequence = 5"
            })
    void changed_entry_is_found(String statement) {
        tamper(statement);

        assertFound(Kind.CHANGED, 5);
    }

    @ParameterizedTest
    @CsvSource({"system, 10", ", 10", "person, 5"})
    void changed_kind_of_the_actor_is_found(String type, int entry) {
        tamper("update audit_entries set actor_type = " + (type == null ? "null" : "'" + type + "'") + " where id = "
                + entry);

        assertFound(Kind.CHANGED, entry);
    }

    @Test
    void missing_entry_is_found() {
        tamper("delete from audit_entries where id = 5");

        assertFound(Kind.MISSING, 5);
    }

    @Test
    void missing_entry_is_found_though_its_seal_is_gone_too() {
        tamper("delete from audit_seals where entry_id = 5", "delete from audit_entries where id = 5");

        assertFound(Kind.MISSING, 5);
    }

    @Test
    void missing_entry_is_found_though_the_seals_after_it_moved_up() {
        tamper("delete from audit_seals where entry_id = 5", "delete from audit_entries where id = 5");
        for (int sequence = 6; sequence <= ENTRIES; sequence++) {
            tamper("update audit_seals set sequence = sequence - 1 where sequence = " + sequence);
        }

        assertFound(Kind.MISSING, 5);
    }

    @Test
    void reordered_entries_are_found() {
        tamper(
                "update audit_seals set entry_id = -1 where sequence = 5",
                "update audit_seals set entry_id = 5 where sequence = 7",
                "update audit_seals set entry_id = 7 where sequence = 5");

        assertFound(Kind.REORDERED, 5);
    }

    @Test
    void inserted_entry_is_found() {
        for (int sequence = ENTRIES; sequence >= 5; sequence--) {
            tamper("update audit_seals set sequence = sequence + 1 where sequence = " + sequence);
        }
        tamper("""
                insert into audit_entries overriding system value
                select 999, at, 'eve', action, entity_type, entity_id, entity_name, scope, origin, ip_address, details
                from audit_entries where id = 5""", """
                insert into audit_seals (sequence, entry_id, previous_hash, hash, sealed_at)
                select 5, 999, hash, repeat('b', 64), now() from audit_seals where sequence = 4""");

        assertFound(Kind.INSERTED, 5);
    }

    @Test
    void entry_that_never_came_into_the_chain_is_found() {
        tamper("""
                insert into audit_entries overriding system value
                select 999, at, 'eve', action, entity_type, entity_id, entity_name, scope, origin, ip_address, details
                from audit_entries where id = 5""");

        assertFound(Kind.INSERTED, ENTRIES + 1);
        assertThat(verify().finding().orElseThrow().explanation()).contains("999", "no seal");
    }

    @Test
    void entry_that_was_deleted_before_it_was_sealed_is_found() {
        addEntries(11, 11);
        tamper("delete from audit_entries where id = 11");

        assertFound(Kind.MISSING, ENTRIES + 1);
    }

    @Test
    void cut_tail_is_found_by_an_anchor() {
        Sealer.Head head = sealer.head().orElseThrow();
        tamper("delete from audit_seals where sequence > 7", "delete from audit_entries where id > 7");

        assertThat(verify().intact()).isTrue();
        assertThat(verify(new Anchor(head.sequence(), head.hash())).finding()).hasValueSatisfying(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.TAIL_CUT);
            assertThat(finding.sequence()).isEqualTo(8);
        });
    }

    @Test
    void trail_that_was_hashed_anew_is_found_by_an_anchor() {
        Sealer.Head head = sealer.head().orElseThrow();
        tamper(
                "update audit_entries set actor = 'eve' where id = 5",
                "truncate audit_seals",
                "insert into audit_unsealed select id from audit_entries");
        sealer.seal();

        assertThat(verify().intact()).isTrue();
        assertThat(verify(new Anchor(head.sequence(), head.hash())).finding().map(Finding::kind))
                .hasValue(Kind.REWRITTEN);
    }

    @Test
    void entries_are_chained_in_the_order_in_which_they_were_committed() throws SQLException {
        try (Connection slow = server.getConnection()) {
            slow.setAutoCommit(false);
            try (Statement late = slow.createStatement()) {
                late.execute("set local search_path to " + SCHEMA);
                late.execute(INSERT.replace("?", "'late'"));
            }
            addEntries(12, 12);
            sealer.seal();
            slow.commit();
        }
        sealer.seal();

        assertThat(verify().checked()).isEqualTo(ENTRIES + 2);
        assertThat(jdbc.sql("select entry_id from audit_seals where sequence > " + ENTRIES + " order by sequence")
                        .query(Long.class)
                        .list())
                .containsExactly(ENTRIES + 2L, ENTRIES + 1L);
    }

    private void assertFound(Kind kind, long sequence) {
        assertThat(verify().finding()).hasValueSatisfying(finding -> {
            assertThat(finding.kind()).as(finding.explanation()).isEqualTo(kind);
            assertThat(finding.sequence()).isEqualTo(sequence);
        });
    }

    private Verification verify(Anchor... anchors) {
        return verification.verify(List.of(anchors), checked -> {});
    }

    /** Runs statements as the tables' owner, with every trigger and foreign key switched off. */
    private void tamper(String... statements) {
        for (String table : List.of("audit_entries", "audit_seals")) {
            run("alter table " + table + " disable trigger all");
        }
        for (String statement : statements) {
            run(statement);
        }
        for (String table : List.of("audit_entries", "audit_seals")) {
            run("alter table " + table + " enable trigger all");
        }
    }

    private void addEntries(int first, int last) {
        for (int id = first; id <= last; id++) {
            jdbc.sql(INSERT).param("c" + id).update();
        }
    }

    private void migrate(String version) {
        Flyway.configure()
                .dataSource(new SingleConnectionDataSource(connection, true))
                .schemas(SCHEMA)
                .target(version)
                .load()
                .migrate();
    }

    private void run(String statement) {
        jdbc.sql(statement).update();
    }
}
