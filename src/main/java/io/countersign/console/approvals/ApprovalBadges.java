package io.countersign.console.approvals;

import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.console.layout.Badge;
import io.countersign.console.layout.Badges;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A request's status, and its effect on external objects. */
@Configuration(proxyBeanMethods = false)
class ApprovalBadges {

    @Bean
    Badges<ApprovalStatus> approvalStatusBadges() {
        return new Badges<>(ApprovalStatus.class, status -> switch (status) {
            case PENDING -> new Badge("Pending", "waiting", "hourglass-split", status.wireName());
            case APPROVED -> new Badge("Approved", "success", "check-circle-fill", status.wireName());
            case REJECTED -> new Badge("Rejected", "danger", "x-circle-fill", status.wireName());
            case CANCELLED -> new Badge("Cancelled", "quiet", "slash-circle", status.wireName());
        });
    }

    @Bean
    Badges<ObjectChange.Kind> objectChangeBadges() {
        return new Badges<>(ObjectChange.Kind.class, change -> switch (change) {
            case CREATE -> new Badge("New", "success", "plus-lg", change.wireName());
            case UPDATE -> new Badge("Changed", "waiting", "pencil", change.wireName());
            case REMOVE -> new Badge("Removed", "danger", "trash3", change.wireName());
            case NONE -> new Badge("Unchanged", "quiet", "dash-lg", change.wireName());
            case UNKNOWN -> new Badge("Not compared", "danger", "question-lg", change.wireName());
            case REFUSED -> new Badge("Refused", "danger", "slash-circle", change.wireName());
        });
    }
}
