package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The way in is that by which a request is routed, however its path is written. */
class OriginTest extends ServerTest {

    @Autowired
    JdbcClient jdbc;

    @Test
    void path_with_an_encoded_letter_leads_to_the_resource_and_is_recorded_as_its_way_in() {
        String project = given.unique("encoded");

        as(given.superadmin())
                .post("/%61pi/v1/projects", Map.of("id", project, "name", "Encoded"))
                .expect(201);

        assertThat(jdbc.sql("select origin from audit_entries where entity_type = 'project' and entity_id = ?")
                        .param(project)
                        .query(String.class)
                        .list())
                .containsOnly("api");
    }

    @ParameterizedTest
    @CsvSource({
        "/%61pi/v1/approvals, API",
        "/%65ngine-rest/task/1/complete, ENGINE_REST",
        "/c%61munda/app/tasklist, TASKLIST",
        "/notificatio%6E/approval, MAIL",
        "/inbox, CONSOLE"
    })
    void way_in_is_told_by_the_decoded_path(String path, Origin origin) {
        RequestContextHolder.setRequestAttributes(
                new ServletRequestAttributes(new MockHttpServletRequest("POST", path)));
        try {
            assertThat(Origin.current()).isEqualTo(origin);
        } finally {
            RequestContextHolder.resetRequestAttributes();
        }
    }
}
