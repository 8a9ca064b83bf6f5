package io.countersign.identity.people;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.people.*}: how accounts are created.
 *
 * @param invitationLifetime how long the link for setting a password works
 * @param secondSuperadmin whether one superadmin is not enough: a second one must confirm a new superadmin, and nobody
 *     decides a request whose submitter's account they recently created, or the other way round
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
