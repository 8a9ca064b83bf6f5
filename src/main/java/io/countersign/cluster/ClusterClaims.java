package io.countersign.cluster;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.target.Comparisons;
import io.countersign.target.Comparisons.Claim;
import org.springframework.stereotype.Component;

/** Asks the target whether a name is free, or can be taken over. */
@Component
public class ClusterClaims {

    private final ClusterManifest manifest;
    private final Comparisons comparisons;

    ClusterClaims(ClusterManifest manifest, Comparisons comparisons) {
        this.manifest = manifest;
        this.comparisons = comparisons;
    }

    /**
     * @param adopt whether to take over an object with that name that belongs to someone else
     * @throws Conflict with the target's code if a cluster with that name would be refused now
     * @throws InvalidInput if there is nothing to take over; neither is thrown if the target does not answer in time
     */
    public void require(String organization, String name, boolean adopt) {
        Claim claim = comparisons.claim(manifest.claims(organization, name, adopt));
        claim.refusal().ifPresent(refusal -> {
            throw new Conflict(refusal.code(), refusal.reason());
        });
        if (adopt && claim.nobodyElses()) {
            throw new InvalidInput("adopt", "must be left out: nobody else has a cluster of this name");
        }
    }
}
