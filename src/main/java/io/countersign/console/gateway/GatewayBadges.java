package io.countersign.console.gateway;

import io.countersign.console.layout.Badge;
import io.countersign.console.layout.Badges;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.RouteStatus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The status of routes and attachments. */
@Configuration(proxyBeanMethods = false)
class GatewayBadges {

    @Bean
    Badges<RouteStatus> routeStatusBadges() {
        return new Badges<>(RouteStatus.class, status -> switch (status) {
            case PENDING_CREATE -> new Badge("Pending creation", "waiting", "hourglass-split", status.wireName());
            case PENDING_UPDATE -> new Badge("Pending update", "waiting", "hourglass-split", status.wireName());
            case PENDING_DELETE -> new Badge("Pending deletion", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "info", "check2", status.wireName());
            case PENDING_DEPLOY -> new Badge("Deploying", "busy", "arrow-repeat", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
        });
    }

    @Bean
    Badges<AttachmentStatus> attachmentStatusBadges() {
        return new Badges<>(AttachmentStatus.class, status -> switch (status) {
            case PENDING_ATTACH -> new Badge("Pending attachment", "waiting", "hourglass-split", status.wireName());
            case PENDING_DETACH -> new Badge("Pending detachment", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "info", "check2", status.wireName());
            case ACTIVE -> new Badge("Active", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
            case REMOVED -> new Badge("Removed", "quiet", "slash-circle", status.wireName());
        });
    }
}
