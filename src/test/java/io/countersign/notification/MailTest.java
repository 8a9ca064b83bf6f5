package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** A test that reads the mail that arrives at a real SMTP server. */
public abstract class MailTest extends ServerTest {

    protected static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern TOKEN = Pattern.compile("token=([A-Za-z0-9_-]{43})");

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    protected RuntimeService runtime;

    @Autowired
    protected ManagementService management;

    @Autowired
    private JavaMailSenderImpl sender;

    @Autowired
    private WebApplicationContext context;

    @AfterEach
    void mailServerIsBack() {
        mailServerIs(true);
    }

    /** Lets the server find its mail server, or nothing where that should be. */
    protected void mailServerIs(boolean up) {
        sender.setPort(up ? MAIL.getSmtp().getPort() : 1);
    }

    protected static String address(String person) {
        return person + "@example.com";
    }

    protected Approval requestCluster(Org org) {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
    }

    /** @return the mails that arrived for a person */
    protected static List<MimeMessage> mailsTo(String person) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .filter(mail -> recipient(mail).equals(address(person)))
                .toList();
    }

    /** @return the only mail to a person whose subject starts so, as soon as it is there */
    protected static MimeMessage awaitMail(String person, String subject) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(mailsTo(person))
                        .anyMatch(mail -> subject(mail).startsWith(subject)));
        List<MimeMessage> found = mailsTo(person).stream()
                .filter(mail -> subject(mail).startsWith(subject))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** Waits until there is nothing to do for an approval, be it done or stuck in incidents. */
    protected void awaitSilence(Approval approval) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(notifying(approval)).isZero();
            assertThat(queued(approval)).allSatisfy(instance -> {
                assertThat(instance).as("handed over to the engine").isNotNull();
                assertThat(management
                                .createJobQuery()
                                .processInstanceId(instance)
                                .noRetriesLeft()
                                .count())
                        .isOne();
            });
        });
    }

    /** Has every failed delivery of an approval tried again, as an operator does in Cockpit. */
    protected void retryDeliveries(Approval approval) {
        for (String instance :
                queued(approval).stream().filter(Objects::nonNull).toList()) {
            Job job = management.createJobQuery().processInstanceId(instance).singleResult();
            management.setJobRetries(job.getId(), 1);
        }
    }

    /** @return how the deliveries of an approval to a person ended or stand */
    protected List<String> deliveries(Approval approval, String person) {
        return jdbc.sql(
                        "select status from notification_deliveries where approval_id = ? and user_id = ? order by created_at")
                .params(approval.id().value(), person)
                .query(String.class)
                .list();
    }

    protected static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    protected static String text(MimeMessage mail) {
        return part(mail, 0, "text/plain");
    }

    protected static String html(MimeMessage mail) {
        return part(mail, 1, "text/html");
    }

    /** @return the tokens in a mail's plain text, in order: that of the approving link first */
    protected static List<String> tokens(MimeMessage mail) {
        Matcher matcher = TOKEN.matcher(text(mail));
        return matcher.results().map(result -> result.group(1)).toList();
    }

    /** @return the server's pages, without a network between */
    protected MockMvc pages() {
        return MockMvcBuilders.webAppContextSetup(context)
                .apply(springSecurity())
                .build();
    }

    protected static RequestPostProcessor signedInAs(String person) {
        return user(person);
    }

    private long notifying(Approval approval) {
        return runtime
                .createProcessInstanceQuery()
                .processDefinitionKey("approval-stages")
                .variableValueEquals("approvalId", approval.id().toString())
                .list()
                .stream()
                .mapToLong(instance -> management
                        .createJobQuery()
                        .processInstanceId(instance.getId())
                        .withRetriesLeft()
                        .count())
                .sum();
    }

    private List<String> queued(Approval approval) {
        return jdbc.sql(
                        "select process_instance_id from notification_deliveries where approval_id = ? and status = 'queued'")
                .param(approval.id().value())
                .query(String.class)
                .list();
    }

    private static String recipient(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String part(MimeMessage mail, int index, String type) {
        try {
            assertThat(mail.getContentType()).startsWith("multipart/alternative");
            BodyPart part = ((MimeMultipart) mail.getContent()).getBodyPart(index);
            assertThat(part.isMimeType(type)).isTrue();
            return ((String) part.getContent()).replace("\r\n", "\n");
        } catch (MessagingException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
