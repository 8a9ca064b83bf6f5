package io.countersign.approval.kind;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.identity.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** All kinds of requests, in a fixed order. */
@Component
public class RequestKinds {

    private final Map<String, RequestKind> kinds = new LinkedHashMap<>();

    RequestKinds(List<RequestKind> kinds) {
        for (RequestKind kind : kinds) {
            RequestKind other = this.kinds.putIfAbsent(kind.type().wireName(), kind);
            if (other != null) {
                throw new IllegalStateException(
                        "Two kinds of requests are called " + kind.type().wireName() + ": " + other + " and " + kind);
            }
        }
    }

    /** @return all kinds */
    public List<RequestKind> all() {
        return List.copyOf(kinds.values());
    }

    /** @return the kinds whose requests belong to a type of scope */
    public List<RequestKind> in(Scope.Type scopeType) {
        return kinds.values().stream()
                .filter(kind -> kind.scopeType() == scopeType)
                .toList();
    }

    /** @return the names of all kinds */
    public List<EntityType> types() {
        return kinds.values().stream().map(RequestKind::type).toList();
    }

    /** @return the kind with that name, or empty */
    public Optional<RequestKind> find(String wireName) {
        return Optional.ofNullable(kinds.get(wireName));
    }

    /** @return the name of a kind if there is one with that name, or empty */
    public Optional<EntityType> findType(String wireName) {
        return find(wireName).map(RequestKind::type);
    }

    /**
     * @param type an existing kind
     * @return its description
     * @throws IllegalStateException if no module provides it
     */
    public RequestKind of(EntityType type) {
        return find(type.wireName())
                .orElseThrow(() -> new IllegalStateException("No kind of requests is called " + type.wireName()));
    }

    /**
     * @param approval a request
     * @return the description of its kind
     * @throws IllegalStateException if no module provides it
     */
    public RequestKind of(Approval approval) {
        return of(approval.entityType());
    }

    /** @return the names of all kinds as a sentence lists them, such as {@code route, cluster or tenant} */
    public String names() {
        return sentence(kind -> kind.type().wireName());
    }

    /** @return the endpoints that submit requests, as a sentence lists them */
    public String resources() {
        return sentence(RequestKind::resource);
    }

    private String sentence(Function<RequestKind, String> word) {
        List<String> words = kinds.values().stream().map(word).toList();
        int last = words.size() - 1;
        return last < 1 ? String.join("", words) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
