package io.countersign.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads the Dockerfile and the compose file, as no container engine runs where tests do. */
class ContainersTest {

    private static final Path COMPOSE = Path.of("deploy/compose.yaml");

    @Test
    void compose_file_keeps_the_specification() throws IOException {
        JsonSchema schema;
        try (InputStream specification = getClass().getResourceAsStream("/compose/compose-spec.json")) {
            ObjectNode published = (ObjectNode) new ObjectMapper().readTree(specification);
            // Its own name is no address, which the validator insists on.
            published.remove("$id");
            published.remove("$schema");
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(published);
        }

        assertThat(schema.validate(compose())).isEmpty();
        assertThat(schema.validate(new ObjectMapper(new YAMLFactory())
                        .readTree("services: {countersign: {image: x, read_onyl: true}}")))
                .as("a mistake is noticed")
                .isNotEmpty();
    }

    @Test
    void composed_server_can_write_nowhere_but_its_volumes_and_has_no_privileges() throws IOException {
        JsonNode server = compose().at("/services/countersign");

        assertThat(server.get("read_only").asBoolean()).isTrue();
        assertThat(server.get("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(server.get("security_opt").toString()).contains("no-new-privileges:true");
        assertThat(server.get("tmpfs").toString()).isEqualTo("[\"/tmp\"]");
        assertThat(server.at("/depends_on/database/condition").asText()).isEqualTo("service_healthy");
        assertThat(server.at("/environment").toString()).doesNotContainIgnoringCase("password");
    }

    @Test
    void every_secret_is_declared_and_lies_outside_the_file() throws IOException {
        JsonNode compose = compose();

        for (JsonNode service : compose.get("services")) {
            for (JsonNode secret : service.get("secrets")) {
                String name = secret.isTextual()
                        ? secret.asText()
                        : secret.get("source").asText();
                assertThat(compose.at("/secrets/" + name + "/file").asText()).isNotBlank();
            }
        }
        assertThat(Files.readString(Path.of(".gitignore"))).contains("/deploy/secrets/");
    }

    @Test
    void image_runs_as_nobody_in_particular_and_keeps_its_program_from_itself() {
        Dockerfile dockerfile = Dockerfile.read();
        List<String> instructions = dockerfile.instructions();

        assertThat(instructions)
                .contains("USER 10001:10001")
                .noneMatch(line -> line.startsWith("ADD ") || line.contains("--chown") || line.contains("chmod"));
        assertThat(dockerfile.last("USER")).isGreaterThan(dockerfile.last("RUN"));
        assertThat(dockerfile.last("USER")).isGreaterThan(dockerfile.last("COPY"));
        assertThat(instructions).anyMatch(line -> line.startsWith("HEALTHCHECK "));
        assertThat(instructions.get(instructions.size() - 1))
                .as("started without a shell, so that signals arrive")
                .startsWith("ENTRYPOINT [\"java\"");
    }

    @Test
    void image_is_reached_from_outside_the_container() {
        assertThat(Dockerfile.read().argument("ENV")).contains("SERVER_ADDRESS=0.0.0.0");
    }

    @Test
    void base_images_have_a_version_and_can_be_pinned() {
        List<String> instructions = Dockerfile.read().instructions();
        Pattern versioned = Pattern.compile("ARG [A-Z_]+=[a-z/-]+:[0-9][a-z0-9.-]+");

        assertThat(instructions.stream().filter(line -> line.startsWith("FROM ")))
                .isNotEmpty()
                .allSatisfy(line -> {
                    String argument = line.replaceFirst("FROM \\$\\{([A-Z_]+)}.*", "$1");
                    assertThat(instructions)
                            .anyMatch(other -> other.startsWith("ARG " + argument + "=")
                                    && versioned.matcher(other).matches());
                });
    }

    @Test
    void layers_go_from_what_changes_least_to_what_changes_most() {
        assertThat(Dockerfile.read().layers()).containsExactly("dependencies", "snapshot-dependencies", "application");
    }

    private static JsonNode compose() throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(COMPOSE.toFile());
    }
}
