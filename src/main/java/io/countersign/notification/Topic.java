package io.countersign.notification;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.approval.EntityType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a channel can be told of (cluster-approval page, "Notification configuration"). */
public enum Topic {
    /** Requests for clusters, their approval and provisioning. */
    CLUSTER_PIPELINE,
    /** Routes and client attachments: approval and deployment. */
    APPLICATION_PIPELINE,
    /** Tenants, stuck approvals, and what else operators care for. */
    SYSTEM_EVENTS;

    /**
     * @param type what an approval is about
     * @return the topic that its approvers and its submitter are told under
     */
    public static Topic of(EntityType type) {
        return switch (type) {
            case CLUSTER -> CLUSTER_PIPELINE;
            case ROUTE, CLIENT_ATTACHMENT -> APPLICATION_PIPELINE;
            case TENANT -> SYSTEM_EVENTS;
        };
    }

    /** @return the name in the database and in JSON, such as {@code cluster_pipeline} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the name on pages, such as {@code Cluster Pipeline} */
    public String title() {
        return switch (this) {
            case CLUSTER_PIPELINE -> "Cluster Pipeline";
            case APPLICATION_PIPELINE -> "Application Pipeline";
            case SYSTEM_EVENTS -> "System Events";
        };
    }

    /** @return the topic of that name, or empty */
    public static Optional<Topic> find(String wireName) {
        return Arrays.stream(values())
                .filter(topic -> topic.wireName().equals(wireName))
                .findFirst();
    }
}
