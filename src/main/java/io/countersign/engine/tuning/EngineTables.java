package io.countersign.engine.tuning;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Fits the engine's tables to what is done with them here.
 *
 * <p>Drops indexes that no search of this application, Tasklist or Cockpit uses. Each step of a process writes all
 * indexes of its rows; without these an approval writes a third less.
 *
 * <p>Tells PostgreSQL that few rows belong to one instance, execution or task. It would else reckon with as many as
 * happened to be there when it last looked, find that dear, and plan each of these searches anew with each use.
 */
@Component
class EngineTables implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(EngineTables.class);

    /** On columns that stay empty: there are no tenants of the engine, removal times or restarted instances. */
    private static final List<String> EMPTY = List.of(
            "ACT_IDX_EXEC_TENANT_ID",
            "ACT_IDX_TASK_TENANT_ID",
            "ACT_IDX_EVENT_SUBSCR_TENANT_ID",
            "ACT_IDX_VARIABLE_TENANT_ID",
            "ACT_IDX_JOB_TENANT_ID",
            "ACT_IDX_AUTH_ROOT_PI",
            "ACT_IDX_AUTH_RM_TIME",
            "ACT_IDX_HI_PRO_INST_TENANT_ID",
            "ACT_IDX_HI_PRO_INST_RM_TIME",
            "ACT_IDX_HI_PRO_RST_PRO_INST_ID",
            "ACT_IDX_HI_ACT_INST_TENANT_ID",
            "ACT_IDX_HI_ACT_INST_RM_TIME",
            "ACT_IDX_HI_TASK_INST_TENANT_ID",
            "ACT_IDX_HI_TASK_INST_RM_TIME");

    /** Another index begins with the same columns, or the primary key finds the row. */
    private static final List<String> COVERED =
            List.of("ACT_IDX_VARIABLE_TASK_ID", "ACT_IDX_JOB_HANDLER_TYPE", "ACT_IDX_HI_TASKINSTID_PROCINST");

    /** For reports over all instances, which nothing here makes: steps and tasks are looked for by their instance. */
    private static final List<String> REPORTS = List.of(
            "ACT_IDX_HI_ACTINST_ROOT_PI",
            "ACT_IDX_HI_ACT_INST_START_END",
            "ACT_IDX_HI_ACT_INST_END",
            "ACT_IDX_HI_ACT_INST_COMP",
            "ACT_IDX_HI_ACT_INST_STATS",
            "ACT_IDX_HI_ACT_INST_PROC_DEF_KEY",
            "ACT_IDX_HI_AI_PDEFID_END_TIME",
            "ACT_IDX_HI_TASKINST_ROOT_PI",
            "ACT_IDX_HI_TASK_INST_PROC_DEF_KEY",
            "ACT_IDX_HI_TASK_INST_START",
            "ACT_IDX_HI_TASK_INST_END");

    /** Of which each value stands in few rows. */
    private static final List<Column> SELECTIVE = List.of(
            new Column("act_ru_execution", "proc_inst_id_"),
            new Column("act_ru_variable", "execution_id_"),
            new Column("act_ru_task", "execution_id_"),
            new Column("act_ru_identitylink", "task_id_"),
            new Column("act_ru_authorization", "resource_id_"));

    private record Column(String table, String name) {}

    private final JdbcClient jdbc;

    EngineTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return the names of all indexes that are dropped, as the engine's scripts write them */
    static List<String> unused() {
        return Stream.of(EMPTY, COVERED, REPORTS).flatMap(List::stream).toList();
    }

    /** Changes what is not so yet, without holding up an instance that works meanwhile. */
    @Override
    public void run(ApplicationArguments arguments) {
        try {
            dropIndexes();
            tellSelective();
        } catch (DataAccessException e) {
            log.info("tables of the engine are fitted by the next start: {}", e.getMessage());
        }
    }

    private void dropIndexes() {
        String[] names =
                unused().stream().map(name -> name.toLowerCase(Locale.ROOT)).toArray(String[]::new);
        List<String> found = jdbc.sql(
                        "select indexname from pg_indexes where schemaname = any (current_schemas(false)) and indexname = any (?)")
                .param(names)
                .query(String.class)
                .list();
        found.forEach(
                index -> jdbc.sql("drop index concurrently if exists " + index).update());
    }

    /** PostgreSQL heeds it from the next time that it analyzes the table. */
    private void tellSelective() {
        List<Column> untold = jdbc.sql("""
                        select wanted.table_name, wanted.column_name
                        from unnest(?, ?) as wanted (table_name, column_name)
                        join pg_attribute on attrelid = wanted.table_name::regclass and attname = wanted.column_name
                        where attoptions is null""")
                .param(SELECTIVE.stream().map(Column::table).toArray(String[]::new))
                .param(SELECTIVE.stream().map(Column::name).toArray(String[]::new))
                .query((row, n) -> new Column(row.getString("table_name"), row.getString("column_name")))
                .list();
        untold.forEach(column -> jdbc.sql(
                        "alter table " + column.table() + " alter column " + column.name() + " set (n_distinct = -1)")
                .update());
    }
}
