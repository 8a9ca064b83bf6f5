package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {

    @Test
    void leads_back_to_a_page_of_this_server() {
        assertThat(Paths.local("/orgs/acme/infrastructure?status=RUNNING", "/inbox"))
                .isEqualTo("/orgs/acme/infrastructure?status=RUNNING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//evil.example",
                "/\\evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "/a\r\nSet-Cookie:x",
                "/{x}"
            })
    void leads_nowhere_else(String back) {
        assertThat(Paths.local(back, "/inbox")).isEqualTo("/inbox");
    }
}
