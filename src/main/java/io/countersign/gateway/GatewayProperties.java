package io.countersign.gateway;

import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.gateway.*}: how routes are deployed.
 *
 * @param parent the {@code Gateway} that routes attach to, as {@code namespace/name}, or {@code name} in the project's
 *     own namespace
 * @param apiKeyHeader the header with a client's key
 * @param createNamespace whether a deployment creates the project's namespace; otherwise an administrator does
 * @param checkInterval how long to wait before checking again whether a deployment is done
 */
@ConfigurationProperties("countersign.gateway")
public record GatewayProperties(
        @DefaultValue("envoy-gateway-system/countersign") String parent,
        @DefaultValue("x-api-key") String apiKeyHeader,
        @DefaultValue("true") boolean createNamespace,
        @DefaultValue("PT10S") Duration checkInterval) {

    /** @return the gateway's name */
    public String parentName() {
        return parent.substring(parent.indexOf('/') + 1);
    }

    /** @return the gateway's namespace; empty for the project's own */
    public Optional<String> parentNamespace() {
        int slash = parent.indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(parent.substring(0, slash));
    }
}
