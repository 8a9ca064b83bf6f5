package bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fills a database with copies of the approvals in it: rows of our tables and of the engine's history, under ids
 * that fit together and with times that lie further and further back. The engine's tasks are not copied: those of
 * pending approvals wait for the original.
 */
final class Multiplier {

    /** Rows that belong to an approval. */
    private static final List<String> OURS = List.of(
            "countersign.approvals",
            "countersign.approval_stages",
            "countersign.approval_decisions",
            "countersign.routes",
            "countersign.notification_deliveries",
            "countersign.decision_links",
            "countersign.audit_entries");

    private static final List<String> HISTORY =
            List.of("public.act_hi_procinst", "public.act_hi_taskinst", "countersign.process_paths");

    /** Columns of text that hold an id. */
    private static final Set<String> IDS = Set.of(
            "entity_id",
            "process_instance_id",
            "process",
            "id_",
            "proc_inst_id_",
            "root_proc_inst_id_",
            "super_process_instance_id_",
            "execution_id_",
            "act_inst_id_",
            "task_id_",
            "root_instance_id",
            "calling_instance_id");

    /** Columns of text that are unique, or of one approval each. */
    private static final Set<String> NAMES = Set.of("key", "token_hash", "name", "entity_name", "business_key_");

    private Multiplier() {}

    /**
     * @param copies how many of each approval
     * @param history whether the engine's history is copied too
     */
    static void run(Database database, String name, int copies, boolean history) throws SQLException {
        List<String> tables = new ArrayList<>(OURS);
        if (history) {
            tables.addAll(HISTORY);
        }
        try (Connection connection = database.connect(name);
                Statement statement = connection.createStatement()) {
            // Copies fit together by construction: no trigger and no foreign key looks at each row.
            statement.execute("set session_replication_role = replica");
            statement.execute("set synchronous_commit = off");
            for (String table : tables) {
                List<String> columns = new ArrayList<>();
                List<String> values = new ArrayList<>();
                describe(connection, table, columns, values);
                statement.execute("create temp table originals as select * from " + table);
                statement.execute("insert into " + table + " (" + String.join(", ", columns) + ") select "
                        + String.join(", ", values) + " from originals cross join generate_series(1, " + copies
                        + ") as n");
                statement.execute("drop table originals");
            }
            for (String table : tables) {
                statement.execute("vacuum analyze " + table);
            }
        }
    }

    private static void describe(Connection connection, String table, List<String> columns, List<String> values)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select column_name, data_type, is_identity from information_schema.columns
                where table_schema || '.' || table_name = ? order by ordinal_position""")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (row.getString("is_identity").equals("NO")) {
                        String column = row.getString("column_name");
                        columns.add(column);
                        values.add(value(column, row.getString("data_type")));
                    }
                }
            }
        }
    }

    private static String value(String column, String type) {
        String copied = "md5(" + column + "::text || '-' || n)::uuid";
        if (type.equals("uuid")) {
            return column.equals("channel_id") ? column : copied;
        }
        if (IDS.contains(column)) {
            return copied + "::text";
        }
        if (NAMES.contains(column)) {
            return column + " || '-' || n";
        }
        if (type.startsWith("timestamp")) {
            return column + " - n * interval '37 seconds'";
        }
        return column;
    }

    /** @return the tables that are copied, for whoever reads about it */
    static String tables() {
        return OURS.stream().map(table -> table.replace("countersign.", "")).collect(Collectors.joining(", "));
    }
}
