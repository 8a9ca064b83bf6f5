package io.countersign.console;

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
        AuditEntry entry = new AuditEntry(
                1,
                Instant.EPOCH,
                "someone",
                "person",
                "update",
                "approval_policy",
                "1",
                "route",
                scope,
                "console",
                null,
                "{}",
                null,
                null,
                null,
                null,
                null,
                null);

        assertThat(TrailLine.of(entry).page()).isEqualTo(page);
    }
}
