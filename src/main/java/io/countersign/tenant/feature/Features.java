package io.countersign.tenant.feature;

/**
 * The enabled features.
 *
 * @param suricata Suricata IDS/IPS
 * @param wireguardIot WireGuard IoT Gateway
 */
public record Features(boolean suricata, boolean wireguardIot) {

    /** @return whether a feature is on */
    public boolean has(Feature feature) {
        return switch (feature) {
            case SURICATA -> suricata;
            case WIREGUARD_IOT -> wireguardIot;
        };
    }
}
