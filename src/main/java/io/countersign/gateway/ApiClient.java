package io.countersign.gateway;

import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An API consumer, as recorded. Its key is known to its holder and the target only.
 *
 * @param id its id
 * @param project whose it is
 * @param name unique in the project
 * @param team the team that manages its addresses and key
 * @param ipAddresses the networks it may call from, in CIDR notation; empty for any
 * @param keyIssuedAt since when its present key holds
 * @param deleting whether it goes away once its last attachment is removed
 * @param createdBy who added it
 * @param createdAt when
 */
public record ApiClient(
        UUID id,
        String project,
        String name,
        TeamId team,
        List<String> ipAddresses,
        Instant keyIssuedAt,
        boolean deleting,
        UserId createdBy,
        Instant createdAt) {

    /** @return this client as it is let through from some networks */
    ApiClient from(List<String> networks) {
        return new ApiClient(id, project, name, team, networks, keyIssuedAt, deleting, createdBy, createdAt);
    }
}
