package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ServerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.script.ScriptEngineManager;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What nobody needs is not there to be attacked. */
class SurfaceAttackTest extends ServerTest {

    @Autowired
    ProcessEngine engine;

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "ecmascript", "groovy", "python", "ruby", "juel", "feel"})
    void engine_runs_no_script(String language) {
        ProcessEngineConfigurationImpl configuration =
                (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();

        assertThatThrownBy(() -> configuration
                        .getCommandExecutorTxRequired()
                        .execute(context -> configuration.getScriptingEngines().getScriptEngineForLanguage(language)))
                .isInstanceOf(ProcessEngineException.class)
                .hasMessageContaining("Scripts are switched off");
    }

    @Test
    void no_script_engine_comes_with_the_server() {
        // Camunda's own, of expressions and of decision tables.
        assertThat(new ScriptEngineManager().getEngineFactories())
                .allMatch(factory -> factory.getClass().getName().startsWith("org.camunda."));
    }

    @Test
    void no_model_has_a_script_a_connector_or_a_class_in_it() throws Exception {
        try (Stream<Path> models = Files.list(Path.of("bpmn"))) {
            List<Path> files = models.toList();
            assertThat(files).hasSizeGreaterThan(5);
            for (Path model : files) {
                assertThat(Files.readString(model))
                        .as(model.toString())
                        .doesNotContain("scriptTask")
                        .doesNotContain("camunda:script")
                        .doesNotContain("scriptFormat")
                        .doesNotContain("camunda:connector")
                        .doesNotContain("camunda:class=");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groovy.lang.GroovyShell",
                "org.graalvm.polyglot.Context",
                "org.openjdk.nashorn.api.scripting.NashornScriptEngine",
                "org.camunda.connect.Connectors",
                "org.camunda.bpm.engine.impl.telemetry.reporter.TelemetryReporter",
                "org.h2.Driver",
                "org.springframework.boot.devtools.RemoteSpringApplication",
                "freemarker.template.Template",
                "org.apache.velocity.app.Velocity"
            })
    void class_that_nobody_needs_is_not_there(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void engine_reports_nothing_to_anybody() {
        ProcessEngineConfigurationImpl configuration =
                (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();

        assertThat(configuration.isMetricsEnabled()).isFalse();
        assertThat(configuration.isDbMetricsReporterActivate()).isFalse();
        assertThat(configuration.isTaskMetricsEnabled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/h2-console", "/actuator/heapdump", "/actuator/env", "/actuator/shutdown", "/jolokia", "/trace"
            })
    void consoles_and_dumps_are_not_served(String path) {
        Visitor admin = new Visitor(server());
        admin.signIn("admin");

        assertThat(admin.get(path).status()).isIn(401, 403, 404);
    }
}
