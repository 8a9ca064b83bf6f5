package io.countersign.engine.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import java.net.ConnectException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.mail.MailSendException;

class PlainFailuresTest {

    private static final String UNEXPECTED = "Something unexpected happened. An operator finds it in the log.";

    @Test
    void what_we_said_ourselves_is_told() {
        Exception ours = new ProcessEngineException(
                "ENGINE-13033 io.example", new IllegalStateException("There is no cluster 7."));

        assertThat(PlainFailures.explain(ours)).isEqualTo("There is no cluster 7.");
    }

    @Test
    void what_a_library_said_is_not_told() {
        assertThat(PlainFailures.explain(new DataIntegrityViolationException("PreparedStatementCallback; SQL [insert")))
                .isEqualTo(UNEXPECTED);
        assertThat(PlainFailures.explain(new NullPointerException("Cannot invoke \"io.countersign.Foo.bar()\"")))
                .isEqualTo(UNEXPECTED);
    }

    @Test
    void exception_of_a_common_kind_that_a_library_threw_is_not_told() {
        Exception duplicate = catchException(
                () -> Stream.of("key", "key").collect(Collectors.toMap(Function.identity(), Function.identity())));

        assertThat(duplicate).hasMessageContaining("Duplicate key");
        assertThat(PlainFailures.explain(duplicate)).isEqualTo(UNEXPECTED);
    }

    @Test
    void mail_server_is_told_of_without_the_names_of_exceptions() {
        assertThat(PlainFailures.explain(
                        new MailSendException("Mail server connection failed", new ConnectException())))
                .isEqualTo("There is no connection to the mail server.");
        assertThat(PlainFailures.explain(new MailSendException(
                        "Failed messages: org.eclipse.angus.mail.smtp.SMTPSendFailedException: 550 no such user")))
                .isEqualTo("Failed messages: 550 no such user");
    }
}
