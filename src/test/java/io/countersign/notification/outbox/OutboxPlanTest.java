package io.countersign.notification.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.UserId;
import io.countersign.notification.MailTest;
import io.countersign.notification.Message;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the queue costs when a hundred thousand mails were queued a moment ago, before the database has looked at them.
 */
class OutboxPlanTest extends MailTest {

    /** Rows, where the queue has two hundred thousand. */
    private static final long FEW = 2000;

    @Autowired
    private Notifications notifications;

    @Autowired
    private Outbox outbox;

    @Autowired
    private ChannelStore channels;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void flood_that_the_planner_does_not_know_of_slows_no_step_of_the_queue() {
        Org org = given.organization();
        UserId person = new UserId(org.admin());
        transaction.executeWithoutResult(status -> {
            Channel channel = channels.of(person).get(0);
            deliveries(channel, "sent");
            jdbc.sql("analyze notification_deliveries").update();
            deliveries(channel, "queued");

            long take = reads(() -> assertThat(outbox.lockNext(20)).hasSize(20));
            long queue = reads(() -> notifications.send(
                    given.unique("news"),
                    Topic.CLUSTER_PIPELINE,
                    org.scope(),
                    List.of(person),
                    new Message("News", "News.", List.of(), Optional.empty())));
            long look = reads(() -> assertThat(outbox.traffic(List.of(channel.id()), Instant.now()))
                    .containsKey(channel.id()));

            assertThat(take).as("rows and index entries read to take").isLessThan(FEW);
            assertThat(queue).as("rows and index entries read to queue").isLessThan(FEW);
            assertThat(look).as("rows and index entries read to look").isLessThan(FEW);
            status.setRollbackOnly();
        });
    }

    /** A hundred thousand of fifty scopes, one of them to the channel. */
    private void deliveries(Channel channel, String status) {
        jdbc.sql("""
                        insert into notification_deliveries
                            (id, key, channel_id, purpose, topic, scope, user_id, recipient, subject, message, status,
                             created_at, finished_at, turn)
                        select gen_random_uuid(), 'flood-' || :status || g, case when g = 1 then :channel::uuid end,
                               'message', 'cluster_pipeline', 'organization:flood-' || (g % 50), :person, 'x@example.com',
                               'News',
                               '{"subject": "News", "headline": "News", "facts": []}', :status, now(), case when :status = 'sent' then now() end, g / 50
                        from generate_series(1, 100000) g""")
                .param("status", status)
                .param("channel", channel.id().value())
                .param("person", channel.user().value())
                .update();
    }

    /** @return how many rows of the queue, and entries of its indexes, a step reads */
    private long reads(Runnable step) {
        long before = read();
        step.run();
        return read() - before;
    }

    private long read() {
        return jdbc.sql("""
                        select sum(pg_stat_get_xact_tuples_returned(relation))
                        from (select 'notification_deliveries'::regclass::oid as relation
                              union all
                              select indexrelid from pg_index where indrelid = 'notification_deliveries'::regclass) all_of_it""").query(Long.class).single();
    }
}
