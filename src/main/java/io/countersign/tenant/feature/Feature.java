package io.countersign.tenant.feature;

import java.util.Locale;

/** What can be switched on and off for a tenant. Enabled unless set. */
public enum Feature {
    SURICATA("Suricata IDS/IPS"),
    WIREGUARD_IOT("WireGuard IoT Gateway");

    private final String title;

    Feature(String title) {
        this.title = title;
    }

    /** @return the name for people */
    public String title() {
        return title;
    }

    /** @return the name in JSON, also that of its column */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
