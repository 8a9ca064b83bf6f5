package io.countersign.console.clusters;

import io.countersign.cluster.ClusterStatus;
import io.countersign.console.layout.Badge;
import io.countersign.console.layout.Badges;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A cluster's status. */
@Configuration(proxyBeanMethods = false)
class ClusterBadges {

    @Bean
    Badges<ClusterStatus> clusterStatusBadges() {
        return new Badges<>(ClusterStatus.class, status -> switch (status) {
            case APPROVAL_PENDING -> new Badge("Pending Approval", "waiting", "hourglass-split", status.name());
            case PROVISIONING -> new Badge("Provisioning", "busy", "arrow-repeat", status.name());
            case RUNNING -> new Badge("Running", "success", "check-circle-fill", status.name());
            case PROVISIONING_FAILED -> new Badge("Failed", "danger", "exclamation-triangle-fill", status.name());
            case UPDATING -> new Badge("Updating", "busy", "arrow-repeat", status.name());
            case DELETING -> new Badge("Deleting", "busy", "arrow-repeat", status.name());
            case DELETED -> new Badge("Deleted", "quiet", "trash3", status.name());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.name());
        });
    }
}
