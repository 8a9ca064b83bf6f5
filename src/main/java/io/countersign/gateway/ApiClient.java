package io.countersign.gateway;

import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An API consumer, as recorded. Only its holder and the target know its key.
 *
 * @param id its id
 * @param project the project it belongs to
 * @param name unique in the project
 * @param team the team that manages its addresses and key
 * @param ipAddresses the networks it may call from, in CIDR notation; empty for any
 * @param keyIssuedAt when its present key was issued
 * @param deleting whether it is deleted once its last attachment is removed
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

    /** @return this client restricted to some networks */
    ApiClient from(List<String> networks) {
        return new ApiClient(id, project, name, team, networks, keyIssuedAt, deleting, createdBy, createdAt);
    }
}
