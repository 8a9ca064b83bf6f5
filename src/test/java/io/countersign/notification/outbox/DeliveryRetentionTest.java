package io.countersign.notification.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import io.countersign.notification.MailTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class DeliveryRetentionTest extends MailTest {

    @Autowired
    private DeliveryRetention retention;

    @Test
    void questions_and_links_of_ended_requests_are_forgotten_in_time() {
        Org org = given.organization();
        Approval pending = asked(org);
        Approval ended = asked(org);
        Approval endedLately = asked(org);
        jdbc.sql("""
                        update notification_deliveries set finished_at = now() - interval '10 years'
                        where approval_id in (?, ?)""").params(pending.id().value(), ended.id().value()).update();
        jdbc.sql("update approvals set status = 'cancelled', closed_at = now() - interval '10 years' where id = ?")
                .param(ended.id().value())
                .update();
        jdbc.sql("update approvals set status = 'cancelled', closed_at = now() where id = ?")
                .param(endedLately.id().value())
                .update();

        retention.forgetOld();

        assertThat(rows("notification_deliveries", pending)).isPositive();
        assertThat(rows("decision_links", pending)).isPositive();
        assertThat(rows("notification_deliveries", ended)).isZero();
        assertThat(rows("decision_links", ended)).isZero();
        assertThat(rows("notification_deliveries", endedLately)).isPositive();
        assertThat(rows("decision_links", endedLately)).isPositive();
    }

    /** @return a request whose approvers have got their mail */
    private Approval asked(Org org) {
        Approval request = given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
        await().until(() -> rows("decision_links", request) > 0
                && jdbc.sql("select count(*) from notification_deliveries where approval_id = ? and status <> 'sent'")
                                .param(request.id().value())
                                .query(Integer.class)
                                .single()
                        == 0);
        return request;
    }

    private int rows(String table, Approval request) {
        return jdbc.sql("select count(*) from " + table + " where approval_id = ?")
                .param(request.id().value())
                .query(Integer.class)
                .single();
    }
}
