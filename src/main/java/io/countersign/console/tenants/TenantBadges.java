package io.countersign.console.tenants;

import io.countersign.console.layout.Badge;
import io.countersign.console.layout.Badges;
import io.countersign.tenant.TenantStatus;
import io.countersign.tenant.orchestrator.OrchestratorStatus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The status of tenants and orchestrators. */
@Configuration(proxyBeanMethods = false)
class TenantBadges {

    @Bean
    Badges<TenantStatus> tenantStatusBadges() {
        return new Badges<>(TenantStatus.class, status -> switch (status) {
            case PENDING_APPROVAL -> new Badge("Pending approval", "waiting", "hourglass-split", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case SUSPENDED -> new Badge("Suspended", "danger", "ban", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
        });
    }

    @Bean
    Badges<OrchestratorStatus> orchestratorStatusBadges() {
        return new Badges<>(OrchestratorStatus.class, status -> switch (status) {
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case DEPROVISIONED -> new Badge("Deprovisioned", "quiet", "slash-circle", status.wireName());
        });
    }
}
