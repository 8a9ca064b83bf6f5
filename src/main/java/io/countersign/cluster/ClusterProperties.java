package io.countersign.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.cluster.*}: how clusters are provisioned.
 *
 * @param checkInterval how long to wait between checks of a cluster that is not ready yet
 * @param classes the name of the Cluster API ClusterClass for each provider; {@code countersign-<provider>} by default
 */
@ConfigurationProperties("countersign.cluster")
public record ClusterProperties(@DefaultValue("PT10S") Duration checkInterval, Map<String, String> classes) {

    /** Copies the map. */
    public ClusterProperties {
        classes = classes == null ? Map.of() : Map.copyOf(new HashMap<>(classes));
    }

    /** @return the ClusterClass for a provider */
    String classFor(String provider) {
        return classes.getOrDefault(provider, "countersign-" + provider);
    }
}
