package io.countersign.engine.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

class EngineTablesTest extends ProcessTest {

    @Autowired
    private EngineTables tables;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void indexes_that_nothing_uses_are_gone_after_a_start() {
        assertThat(present()).isNotEmpty().doesNotContainAnyElementsOf(lowerCase(EngineTables.unused()));
    }

    @Test
    void index_that_came_back_is_dropped_by_the_next_start() {
        jdbc.sql("create index act_idx_task_tenant_id on act_ru_task (tenant_id_)")
                .update();

        tables.run(null);

        assertThat(present()).doesNotContain("act_idx_task_tenant_id");
    }

    @Test
    void only_indexes_that_the_engine_makes_are_named() throws IOException {
        String scripts = script("engine") + script("history");

        assertThat(EngineTables.unused())
                .allSatisfy(name -> assertThat(scripts).containsIgnoringCase("create index " + name + " on "));
    }

    @Test
    void steps_tasks_and_called_instances_are_still_found_by_an_index() {
        assertThat(present())
                .contains(
                        "act_idx_hi_act_inst_procinst",
                        "act_idx_hi_taskinst_procinst",
                        "act_idx_hi_pro_inst_root_pi",
                        "act_idx_variable_task_name_type",
                        "act_idx_job_handler");
    }

    @Test
    void columns_of_which_each_value_is_rare_are_known_as_such_after_a_start() {
        assertThat(told())
                .isNotEmpty()
                .allSatisfy(options -> assertThat(options).isEqualTo("{n_distinct=-1}"));
    }

    @Test
    void column_whose_setting_went_is_told_again_by_the_next_start() {
        jdbc.sql("alter table act_ru_variable alter column execution_id_ reset (n_distinct)")
                .update();
        int before = told().size();

        tables.run(null);

        assertThat(told()).hasSize(before + 1);
    }

    private List<String> told() {
        return jdbc.sql("""
                        select attoptions::text from pg_attribute a join pg_class c on c.oid = a.attrelid
                        where c.relname like 'act\\_ru\\_%' and attoptions is not null""").query(String.class).list();
    }

    private List<String> present() {
        return jdbc.sql("select indexname from pg_indexes where indexname like 'act\\_%'")
                .query(String.class)
                .list();
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private static String script(String part) throws IOException {
        return new ClassPathResource("org/camunda/bpm/engine/db/create/activiti.postgres.create." + part + ".sql")
                .getContentAsString(StandardCharsets.UTF_8);
    }
}
