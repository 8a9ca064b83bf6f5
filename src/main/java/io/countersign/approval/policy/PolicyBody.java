package io.countersign.approval.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.approval.Audience;
import io.countersign.approval.EscalationGroup;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.kind.RequestKind;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parses a policy body: an array of stages, or an object with {@code stages}, {@code distinct_approvers} and the
 * settings for requests that wait long. Reports every invalid field with its path.
 */
public final class PolicyBody {

    private static final String REMIND_AFTER = "remind_after";
    private static final int MAX_STAGES = 10;
    private static final int MAX_APPROVERS = 100;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final Set<String> STAGE_FIELDS =
            Set.of("order", "required_permission", "team_scope", "min_approvers");
    private static final String VALID_FOR = "valid_for";
    private static final String BINDS_OWNERS = "binds_owners";
    private static final String NOTIFY = "notify";
    private static final Set<String> POLICY_FIELDS = Set.of(
            "stages",
            "distinct_approvers",
            REMIND_AFTER,
            "escalate_after",
            "escalate_to",
            VALID_FOR,
            BINDS_OWNERS,
            NOTIFY);

    private PolicyBody() {}

    /**
     * @param kind the kind of request that the policy is for
     * @param body the request body
     * @param present the policy now in force; an array does not mention distinct approvers and leaves that setting
     *     unchanged
     * @return the policy
     * @throws InvalidInput naming every invalid field
     */
    public static Policy read(RequestKind kind, JsonNode body, Policy present) {
        Validation validation = new Validation();
        boolean distinct = present.distinctApprovers();
        boolean bindsOwners = present.bindsOwners();
        WaitingPolicy waiting = present.waiting();
        JsonNode stages = body;
        if (body.isObject()) {
            checkFields(validation, "", body, POLICY_FIELDS);
            stages = body.path("stages");
            distinct = flag(validation, body, "distinct_approvers", distinct);
            bindsOwners = flag(validation, body, BINDS_OWNERS, bindsOwners);
            validation.check(
                    kind.exemptsOwners() || !bindsOwners,
                    BINDS_OWNERS,
                    "must be false: requests of this kind leave no owners out");
            waiting = waiting(kind, validation, body, waiting);
            validation.check(
                    kind.mayLapse() || waiting.validFor() == null,
                    VALID_FOR,
                    "must be absent: what is approved of this kind is carried out at once");
        }
        String path = body.isObject() ? "stages" : "";
        List<StagePolicy> read = new ArrayList<>();
        if (validation.check(stages.isArray(), "stages", "must be an array of stages")
                && validation.check(
                        stages.size() >= 1 && stages.size() <= MAX_STAGES,
                        "stages",
                        "must have 1 to " + MAX_STAGES + " entries")) {
            Set<Integer> orders = new HashSet<>();
            for (int i = 0; i < stages.size(); i++) {
                stage(kind, validation, path + "[" + i + "]", stages.get(i), stages.size(), orders)
                        .ifPresent(read::add);
            }
        }
        validation.done();
        read.sort(Comparator.comparingInt(StagePolicy::order));
        return new Policy(read, distinct, waiting, bindsOwners);
    }

    /**
     * Parses the settings for notifications and for requests that wait long; a missing field keeps the present value,
     * null removes it.
     */
    private static WaitingPolicy waiting(
            RequestKind kind, Validation validation, JsonNode body, WaitingPolicy present) {
        String notify = text(body, NOTIFY, present.told());
        Set<Audience> audiences = audiences(kind);
        validation.check(
                notify == null
                        || Audience.find(notify).filter(audiences::contains).isPresent(),
                NOTIFY,
                "must be one of " + names(audiences.stream().map(Audience::wireName))
                        + ", or null for all of up to 50 people");
        String escalateAfter = duration(validation, body, "escalate_after", present.escalateAfter());
        String escalateTo = text(body, "escalate_to", present.escalateTo());
        validation.check(
                escalateTo == null || EscalationGroup.find(escalateTo).isPresent(),
                "escalate_to",
                "must name a role or a team, such as role:owner or team:payments");
        validation.check(
                (escalateAfter == null) == (escalateTo == null),
                "escalate_to",
                "must be there if escalate_after is, and only then");
        return new WaitingPolicy(
                duration(validation, body, REMIND_AFTER, present.remindAfter()),
                escalateAfter,
                escalateTo,
                duration(validation, body, VALID_FOR, present.validFor()),
                notify);
    }

    private static boolean flag(Validation validation, JsonNode body, String field, boolean present) {
        JsonNode node = body.path(field);
        return node.isMissingNode() || !validation.check(node.isBoolean(), field, "must be true or false")
                ? present
                : node.booleanValue();
    }

    private static String duration(Validation validation, JsonNode body, String field, String present) {
        String text = text(body, field, present);
        if (text == null) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text);
            validation.check(
                    duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0
                            || duration.isZero() && field.equals(REMIND_AFTER),
                    field,
                    "must be from a second to ten years"
                            + (field.equals(REMIND_AFTER) ? ", or PT0S for no reminders" : ""));
        } catch (DateTimeParseException e) {
            validation.check(false, field, "must be an ISO 8601 duration of days and less, such as P3D or PT12H");
        }
        return text;
    }

    private static String text(JsonNode body, String field, String present) {
        JsonNode node = body.path(field);
        return node.isMissingNode() ? present : node.isNull() ? null : node.asText();
    }

    private static Optional<StagePolicy> stage(
            RequestKind kind, Validation validation, String path, JsonNode node, int count, Set<Integer> orders) {
        if (!validation.check(node.isObject(), path, "must be a stage")) {
            return Optional.empty();
        }
        checkFields(validation, path + ".", node, STAGE_FIELDS);
        int order = node.path("order").isInt() ? node.get("order").intValue() : 0;
        boolean ordered = validation.check(
                order >= 1 && order <= count && orders.add(order),
                path + ".order",
                "must be from 1 to " + count + ", each once, so that the stages have no gap");
        Optional<Permission> permission =
                Permission.find(node.path("required_permission").asText()).filter(kind.deciding()::contains);
        validation.check(
                permission.isPresent(),
                path + ".required_permission",
                "must be one of " + names(kind.deciding().stream().map(Permission::wireName)));
        Set<TeamScope> teamScopes = teamScopes(kind);
        Optional<TeamScope> teamScope =
                TeamScope.find(node.path("team_scope").asText()).filter(teamScopes::contains);
        validation.check(
                teamScope.isPresent(),
                path + ".team_scope",
                "must be one of " + names(teamScopes.stream().map(TeamScope::wireName)));
        JsonNode min = node.path("min_approvers");
        int minApprovers = min.isMissingNode() ? 1 : min.isInt() ? min.intValue() : 0;
        boolean counted = validation.check(
                minApprovers >= 1 && minApprovers <= MAX_APPROVERS,
                path + ".min_approvers",
                "must be a number from 1 to " + MAX_APPROVERS);
        return ordered && counted && permission.isPresent() && teamScope.isPresent()
                ? Optional.of(new StagePolicy(order, permission.get(), teamScope.get(), minApprovers))
                : Optional.empty();
    }

    /** @return the team scopes that a stage may use; only projects have teams */
    public static Set<TeamScope> teamScopes(RequestKind kind) {
        return kind.scopeType() == Scope.Type.PROJECT ? EnumSet.allOf(TeamScope.class) : EnumSet.of(TeamScope.ANY);
    }

    /** @return the audiences that a policy may use; only projects have teams */
    public static Set<Audience> audiences(RequestKind kind) {
        return kind.scopeType() == Scope.Type.PROJECT
                ? EnumSet.allOf(Audience.class)
                : EnumSet.of(Audience.ALL, Audience.LAST_DECIDERS);
    }

    private static void checkFields(Validation validation, String prefix, JsonNode object, Set<String> known) {
        object.fieldNames()
                .forEachRemaining(
                        name -> validation.check(known.contains(name), prefix + name, "is not a known field"));
    }

    private static String names(java.util.stream.Stream<String> names) {
        return names.sorted().collect(Collectors.joining(", "));
    }
}
