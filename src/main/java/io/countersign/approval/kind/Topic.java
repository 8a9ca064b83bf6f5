package io.countersign.approval.kind;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A notification topic of channels. */
public enum Topic {
    /** Requests for clusters, their approval and provisioning. */
    CLUSTER_PIPELINE,
    /** Routes and client attachments: approval and deployment. */
    APPLICATION_PIPELINE,
    /** Tenants, stuck approvals, and other events for operators. */
    SYSTEM_EVENTS;

    /** @return the name in the database and in JSON, such as {@code cluster_pipeline} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the name on pages, such as {@code Cluster Pipeline} */
    public String title() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    /** @return the topic with that name, or empty */
    public static Optional<Topic> find(String wireName) {
        return Arrays.stream(values())
                .filter(topic -> topic.wireName().equals(wireName))
                .findFirst();
    }
}
