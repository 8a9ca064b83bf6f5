package io.countersign.engine.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class SelectiveColumnsTest extends ProcessTest {

    @Autowired
    private SelectiveColumns tables;

    @Autowired
    private JdbcClient jdbc;

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
}
