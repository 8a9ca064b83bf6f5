package io.countersign.notification.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.Fixtures.Org;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.notification.MailTest;
import io.countersign.notification.Message;
import io.countersign.notification.NotificationProperties;
import io.countersign.notification.channel.AddressConfirmations;
import io.countersign.notification.channel.ChannelStore;
import io.countersign.notification.content.RequestSummaries;
import io.countersign.notification.link.DecisionLinks;
import io.countersign.notification.link.Links;
import io.countersign.notification.mail.MailRenderer;
import io.countersign.notification.mail.MailTransport;
import io.countersign.notification.webhook.SlackTransport;
import io.countersign.resilience.Nodes;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An instance that is killed between the mail server's answer and the record of it. To the database and the mail server
 * that looks like this: from then on it writes nothing and sends nothing, and after a while it is struck off.
 */
class KilledSenderTest extends MailTest {

    private static final String KILLED = "instance-that-is-killed";
    private static final int MAILS = 8;
    private static final int BEFORE = 4;

    @Autowired
    private Notifications notifications;

    @Autowired
    private Outbox outbox;

    @Autowired
    private ChannelStore channels;

    @Autowired
    private People people;

    @Autowired
    private Approvals approvals;

    @Autowired
    private DecisionRights rights;

    @Autowired
    private RequestSummaries summaries;

    @Autowired
    private DecisionLinks decisionLinks;

    @Autowired
    private AddressConfirmations confirmations;

    @Autowired
    private Links links;

    @Autowired
    private Nodes nodes;

    @Autowired
    private ObjectMapper json;

    @Autowired
    private MailRenderer renderer;

    @Autowired
    private SlackTransport slack;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private DataSource database;

    @Autowired
    private TransactionTemplate transaction;

    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private String key;

    /** Lets nothing into the database any more once so many mails were accepted. */
    private class DyingTransactions extends JdbcTransactionManager {

        DyingTransactions() {
            super(database);
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            if (accepted.size() > BEFORE) {
                throw new CannotCreateTransactionException("The process is dead");
            }
            super.doBegin(transaction, definition);
        }
    }

    @BeforeEach
    void startInstance() {
        jdbc.sql("insert into nodes (id, host, seen_at) values (?, 'test', now() + interval '1 hour')")
                .param(KILLED)
                .update();
    }

    @AfterEach
    void strikeOff() {
        jdbc.sql("delete from nodes where id = ?").param(KILLED).update();
    }

    @Test
    void only_the_mail_under_way_comes_twice() {
        Org org = given.organization();
        key = given.unique("News");
        transaction.executeWithoutResult(status -> {
            notifications.send(
                    key,
                    Topic.CLUSTER_PIPELINE,
                    org.scope(),
                    crowd(org),
                    new Message(key, "News.", List.of(), Optional.empty()));
            // The server's own threads leave it to the one that is killed.
            jdbc.sql("update notification_deliveries set due_at = now() + interval '1 hour', turn = 0 where key = ?")
                    .param(key)
                    .update();
        });

        assertThatThrownBy(this::dyingSender).isInstanceOf(CannotCreateTransactionException.class);

        assertThat(accepted).hasSize(BEFORE + 1);
        assertThat(count("status = 'sent'")).isEqualTo(BEFORE);
        // It runs in this very process: only what the database and the mail server know is left of the other.
        jdbc.sql("""
                        update delivery_handovers set node_id = ?
                        where delivery_id in (select id from notification_deliveries where key = ?)""").params(KILLED, key).update();
        jdbc.sql("update notification_deliveries set due_at = null where key = ?")
                .param(key)
                .update();
        await().during(Duration.ofSeconds(2)).until(() -> count("status = 'queued'") == MAILS - BEFORE);

        strikeOff();

        await().atMost(Duration.ofSeconds(20)).until(() -> count("status = 'sent'") == MAILS);
        Map<String, Long> copies = Arrays.stream(MAIL.getReceivedMessages())
                .filter(mail -> subject(mail).equals(key))
                .collect(Collectors.groupingBy(KilledSenderTest::messageId, Collectors.counting()));
        assertThat(copies).hasSize(MAILS);
        assertThat(copies.entrySet().stream()
                        .filter(copy -> copy.getValue() > 1)
                        .map(Map.Entry::getKey))
                .containsExactly(accepted.get(BEFORE));
        assertThat(copies.values()).allMatch(count -> count <= 2);
    }

    private void dyingSender() {
        DyingTransactions transactions = new DyingTransactions();
        SendAttempts attempts = new SendAttempts(jdbc, transactions, nodes, Clock.systemUTC());
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost("localhost");
        sender.setPort(MAIL.getSmtp().getPort());
        MailTransport transport;
        try {
            transport =
                    new MailTransport(
                            new StaticListableBeanFactory(Map.of("sender", sender))
                                    .getBeanProvider(JavaMailSenderImpl.class),
                            renderer,
                            "countersign@localhost") {
                        @Override
                        public Map<UUID, RuntimeException> send(List<Mail> mails, Consumer<Mail> taken) {
                            return super.send(mails, mail -> {
                                accepted.add("<" + mail.delivery() + "@localhost>");
                                taken.accept(mail);
                            });
                        }
                    };
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
        new DeliverySender(
                        new Outbox(jdbc, json, later, null, channels, null, null, null, events),
                        channels,
                        people,
                        approvals,
                        rights,
                        summaries,
                        decisionLinks,
                        confirmations,
                        links,
                        transport,
                        slack,
                        attempts,
                        new NotificationProperties(0, Duration.ofSeconds(1)),
                        Clock.systemUTC(),
                        events,
                        transactions)
                .deliverNext();
    }

    private List<UserId> crowd(Org org) {
        return IntStream.range(0, MAILS)
                .mapToObj(n -> {
                    String person = given.person("crowd");
                    given.member(org.id(), person, OrganizationRole.VIEWER);
                    return new UserId(person);
                })
                .toList();
    }

    private int count(String condition) {
        return jdbc.sql("select count(*) from notification_deliveries where key = ? and " + condition)
                .param(key)
                .query(Integer.class)
                .single();
    }

    private static String messageId(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }
}
