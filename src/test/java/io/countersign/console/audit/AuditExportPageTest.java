package io.countersign.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit trail as a file, for people who read it in the browser. */
class AuditExportPageTest extends ServerTest {

    @ParameterizedTest
    @CsvSource({
        "from=x, from must be a time",
        "to=yesterday, to must be a time",
        "origin=pigeon, origin must be one of console",
        "zone=Mars/Base, zone must be a time zone",
        "format=pdf, format must be csv or jsonl"
    })
    void filter_that_cannot_be_read_exports_nothing(String query, String rule) {
        Visitor browser = auditor();

        Visitor.Answer answer = browser.get("/audit/export?" + query).expect(422);

        assertThat(answer.text()).contains(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl"})
    void file_has_one_name(String format) {
        Visitor.Answer answer = auditor()
                .get("/audit/export?from=2025-06-01T12:00&zone=Europe/Berlin&to=&format=" + format)
                .expect(200);

        assertThat(answer.headers().allValues("Content-Disposition"))
                .containsExactly("attachment; filename=\"audit." + format + "\"");
    }

    private Visitor auditor() {
        Visitor browser = new Visitor(server());
        browser.signIn(given.organization().owner());
        return browser;
    }
}
