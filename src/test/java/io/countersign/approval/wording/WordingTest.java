package io.countersign.approval.wording;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.CanonicalJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

    @ParameterizedTest
    @CsvSource({
        "region, Region",
        "kubernetes_version, Kubernetes version",
        "node_groups[0].max_nodes, Node groups 1 › max nodes",
        "node_groups[11].labels.pool, Node groups 12 › labels › pool",
        "node_groups[0].labels[\"example.com/a_b\"], Node groups 1 › labels › example.com/a_b",
        "adopt, Takes over what others made under its name",
        "'', ''"
    })
    void field_paths_become_words(String path, String label) {
        assertThat(Wording.label(path)).isEqualTo(label);
    }

    @Test
    void values_become_text_that_leaves_nothing_out() {
        assertThat(text(List.of("t3.large", "t3.xlarge"))).isEqualTo("t3.large, t3.xlarge");
        assertThat(text(Map.of("pool", "web"))).isEqualTo("pool=web");
        assertThat(text(List.of())).isEqualTo("none");
        assertThat(text("")).isEqualTo("empty");
        assertThat(text("none")).as("a text, not nothing").isEqualTo("\"none\"");
        assertThat(text(3)).isEqualTo("3");
        assertThat(text(false)).isEqualTo("false");
        assertThat(Wording.text(null)).isEqualTo("none");
    }

    @Test
    void the_name_is_read_first_and_a_minimum_before_its_maximum() {
        assertThat(Stream.of("max_nodes", "labels", "name", "min_nodes", "region")
                        .sorted(Wording.READING_ORDER))
                .containsExactly("name", "labels", "min_nodes", "max_nodes", "region");
    }

    private static String text(Object value) {
        return Wording.text(CanonicalJson.read(CanonicalJson.write(value)));
    }
}
