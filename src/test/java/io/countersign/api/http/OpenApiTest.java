package io.countersign.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.ServerTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiTest extends ServerTest {

    @Test
    void schemas_name_fields_as_the_api_writes_them() {
        JsonNode schemas = anonymous().get("/v3/api-docs").expect(200).json().at("/components/schemas");

        assertThat(schemas).isNotEmpty();
        schemas.forEach(schema -> schema.path("properties")
                .fieldNames()
                .forEachRemaining(field -> assertThat(field).matches("[a-z0-9_]+")));
    }

    @Test
    void description_is_the_same_for_everyone() {
        String first = anonymous()
                .send("GET", "/v3/api-docs", null, "X-Forwarded-Host", "evil.example", "Accept-Language", "fr")
                .expect(200)
                .text();

        assertThat(first).doesNotContain("evil.example");
        assertThat(anonymous().get("/v3/api-docs").expect(200).text()).isEqualTo(first);
    }

    @Test
    void every_operation_says_what_it_does() {
        JsonNode paths = anonymous().get("/v3/api-docs").expect(200).json().get("paths");

        assertThat(paths).isNotEmpty();
        paths.properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> assertThat(
                                        operation.getValue().path("summary").asText())
                                .as("%s %s", operation.getKey(), path.getKey())
                                .isNotBlank()));
    }

    @Test
    void kinds_of_requests_are_listed() {
        JsonNode schemas = anonymous().get("/v3/api-docs").expect(200).json().at("/components/schemas");

        for (String schema : List.of("ApprovalView", "PolicyEntry")) {
            assertThat(schemas.at("/" + schema + "/properties/entity_type/enum"))
                    .as(schema)
                    .extracting(JsonNode::asText)
                    .containsExactly("route", "client_attachment", "cluster", "tenant");
        }
    }
}
