package io.countersign.tenant.feature;

import java.util.Locale;

/** Features that can be enabled and disabled for a tenant. Enabled by default. */
public enum Feature {
    SURICATA("Suricata IDS/IPS"),
    WIREGUARD_IOT("WireGuard IoT Gateway");

    private final String title;

    Feature(String title) {
        this.title = title;
    }

    /** @return the display name */
    public String title() {
        return title;
    }

    /** @return the name in JSON, also that of its column */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
