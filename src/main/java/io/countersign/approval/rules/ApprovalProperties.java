package io.countersign.approval.rules;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.approval.*}: what deciders are told.
 *
 * @param lookBack how long before a request's submission changes of its policy and of memberships by its submitter are
 *     shown to its deciders
 */
@ConfigurationProperties("countersign.approval")
public record ApprovalProperties(@DefaultValue("P7D") Duration lookBack) {

    public ApprovalProperties {
        if (lookBack.isNegative()) {
            throw new IllegalArgumentException("countersign.approval.look-back must not be negative");
        }
    }
}
