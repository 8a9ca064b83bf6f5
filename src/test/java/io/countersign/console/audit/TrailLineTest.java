package io.countersign.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.audit.AuditEntry;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrailLineTest {

    @ParameterizedTest
    @CsvSource({
        "project:shop, /projects/shop/policies",
        "organization:acme, /orgs/acme/policies",
        "platform:platform, /policies"
    })
    void policy_leads_to_the_policies_of_where_it_holds(String scope, String page) {
        assertThat(line("update", "approval_policy", "route", scope).page()).isEqualTo(page);
    }

    @ParameterizedTest
    @CsvSource({
        "approve, cluster, prod-eu, Approve cluster prod-eu",
        "sign_in, user, anna, Sign in: user anna",
        "refuse_decision, cluster, prod-eu, Refuse decision: cluster prod-eu",
        "write, engine, PUT /job/17/retries, Write: engine PUT /job/17/retries",
        "export, audit_trail, csv, Export audit trail csv"
    })
    void title_says_what_was_done_to_what(String action, String type, String name, String title) {
        assertThat(line(action, type, name, "platform:platform").title()).isEqualTo(title);
    }

    private static TrailLine line(String action, String type, String name, String scope) {
        return TrailLine.of(new AuditEntry(
                1,
                Instant.EPOCH,
                "someone",
                "person",
                action,
                type,
                "1",
                name,
                scope,
                "console",
                null,
                "{}",
                null,
                null,
                null,
                null,
                null,
                null));
    }
}
