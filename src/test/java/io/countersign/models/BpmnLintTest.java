package io.countersign.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs bpmnlint over the models, in the Node.js that the driver of the browser tests brings along
 * (docs/decisions/0003).
 */
class BpmnLintTest {

    private static final Path LINTER = Path.of("src/test/resources/bpmnlint/bpmnlint.cjs");

    private record Finding(String file, String rule, String category, String id, String message) {}

    @Test
    void models_have_neither_errors_nor_warnings() throws Exception {
        assertThat(lint(Models.all())).isEmpty();
    }

    @Test
    void broken_model_is_found_out() throws Exception {
        assertThat(lint(List.of(Models.BROKEN)))
                .extracting(Finding::rule)
                .contains(
                        "end-event-required",
                        "label-required",
                        "no-bpmndi",
                        "no-implicit-end",
                        "camunda-compat/history-time-to-live");
    }

    @Test
    void file_that_is_no_model_is_found_out() throws Exception {
        assertThat(lint(List.of(Path.of("pom.xml")))).extracting(Finding::rule).containsOnly("parse");
    }

    private static List<Finding> lint(List<Path> models) throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        String node = Driver.ensureDriverInstalled(environment, false)
                .createProcessBuilder()
                .command()
                .get(0);
        List<String> command = new ArrayList<>(List.of(node, LINTER.toString()));
        models.forEach(model -> command.add(model.toString()));
        Process linter = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(linter.waitFor()).as("exit code of the linter").isZero();
        return List.of(new ObjectMapper().readValue(output, Finding[].class));
    }
}
