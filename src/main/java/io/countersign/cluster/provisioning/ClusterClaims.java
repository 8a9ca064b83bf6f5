package io.countersign.cluster.provisioning;

import io.countersign.target.Comparisons;
import io.countersign.target.Refusal;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks the target whether a name is free there. */
@Component
public class ClusterClaims {

    private final ClusterManifest manifest;
    private final Comparisons comparisons;

    ClusterClaims(ClusterManifest manifest, Comparisons comparisons) {
        this.manifest = manifest;
        this.comparisons = comparisons;
    }

    /**
     * @param adopt whether an object of that name that is somebody else's would be taken over
     * @return why a cluster of that name would be refused now; empty if it would not, or if nobody knows soon
     */
    public Optional<Refusal> refusal(String organization, String name, boolean adopt) {
        return comparisons.refusal(manifest.claims(organization, name, adopt));
    }
}
