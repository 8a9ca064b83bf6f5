package io.countersign.identity.people;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.people.*}: how accounts are made.
 *
 * @param invitationLifetime how long the link works by which a person sets their password
 * @param secondSuperadmin whether one superadmin is not enough: another one confirms a new superadmin, and nobody
 *     decides a request whose submitter's account they made lately, or the other way round
 */
@ConfigurationProperties("countersign.people")
public record PeopleProperties(
        @DefaultValue("P7D") Duration invitationLifetime,
        @DefaultValue("false") boolean secondSuperadmin) {

    public PeopleProperties {
        if (invitationLifetime.isNegative() || invitationLifetime.isZero()) {
            throw new IllegalArgumentException("countersign.people.invitation-lifetime must be positive");
        }
    }
}
