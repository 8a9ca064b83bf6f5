package io.countersign.approval.preview;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * An external object that carrying out a request would touch.
 *
 * @param apiVersion such as {@code gateway.networking.k8s.io/v1}
 * @param kind such as {@code HTTPRoute}
 * @param namespace null for kinds without namespaces
 * @param name its name
 * @param change what would happen to it
 * @param live its present state, as YAML; null if it does not exist or is unknown
 * @param planned its planned state, as YAML; null if it would be removed
 * @param unknown why its present state is unknown; null if it is known
 * @param refused why it would not be touched; null if it would
 * @param takenFrom its present owner, if it would be taken over from someone else; null if not
 */
public record ObjectChange(
        String apiVersion,
        String kind,
        String namespace,
        String name,
        Kind change,
        String live,
        String planned,
        String unknown,
        Refused refused,
        String takenFrom) {

    /**
     * Why an object would not be touched.
     *
     * @param code {@code exists_already} or {@code foreign_namespace}
     * @param reason the user-facing reason, naming its owner
     */
    public record Refused(String code, String reason) {}

    /** What would happen to an object. */
    public enum Kind {
        CREATE,
        UPDATE,
        REMOVE,
        NONE,
        UNKNOWN,
        REFUSED;

        /** @return the name in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param live its present state, or null
     * @param planned its planned state, or null
     * @param unknown why its present state is unknown, or null
     * @return the change from one to the other
     */
    public static ObjectChange of(
            String apiVersion,
            String kind,
            String namespace,
            String name,
            String live,
            String planned,
            String unknown) {
        Kind change;
        if (unknown != null) {
            change = Kind.UNKNOWN;
        } else if (live == null) {
            change = planned == null ? Kind.NONE : Kind.CREATE;
        } else if (planned == null) {
            change = Kind.REMOVE;
        } else {
            change = live.equals(planned) ? Kind.NONE : Kind.UPDATE;
        }
        return new ObjectChange(apiVersion, kind, namespace, name, change, live, planned, unknown, null, null);
    }

    /** @return this, marked as refused */
    public ObjectChange refusedBecause(Refused reason) {
        return new ObjectChange(
                apiVersion, kind, namespace, name, Kind.REFUSED, live, planned, unknown, reason, takenFrom);
    }

    /** @return this, marked as taken over from someone else */
    public ObjectChange takenFrom(String whose) {
        return new ObjectChange(apiVersion, kind, namespace, name, change, live, planned, unknown, refused, whose);
    }

    /** @return the difference line by line */
    @JsonProperty
    public List<DiffLine> diff() {
        return DiffLine.between(live, planned);
    }
}
