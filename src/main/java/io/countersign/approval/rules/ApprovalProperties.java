package io.countersign.approval.rules;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.approval.*}: what deciders see.
 *
 * @param lookBack how far back from a request's submission its deciders see changes to its policy and to memberships
 */
@ConfigurationProperties("countersign.approval")
public record ApprovalProperties(@DefaultValue("P7D") Duration lookBack) {

    public ApprovalProperties {
        if (lookBack.isNegative()) {
            throw new IllegalArgumentException("countersign.approval.look-back must not be negative");
        }
    }
}
