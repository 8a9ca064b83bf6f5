package io.countersign.engine;

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

class EngineIndexesTest extends ProcessTest {

    @Autowired
    private EngineIndexes indexes;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void indexes_that_nothing_uses_are_gone_after_a_start() {
        assertThat(present()).isNotEmpty().doesNotContainAnyElementsOf(lowerCase(EngineIndexes.unused()));
    }

    @Test
    void index_that_came_back_is_dropped_by_the_next_start() {
        jdbc.sql("create index act_idx_task_tenant_id on act_ru_task (tenant_id_)")
                .update();

        indexes.run(null);

        assertThat(present()).doesNotContain("act_idx_task_tenant_id");
    }

    @Test
    void only_indexes_that_the_engine_makes_are_named() throws IOException {
        String scripts = script("engine") + script("history");

        assertThat(EngineIndexes.unused())
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
