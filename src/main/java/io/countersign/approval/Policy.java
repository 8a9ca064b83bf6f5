package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.countersign.identity.Permission;
import java.util.List;

/**
 * The stages that a request must pass, in order.
 *
 * @param stages numbered from 1 without gaps; empty if the request needs no approval
 * @param distinctApprovers whether each person may decide at most one of the stages
 * @param waitingPolicy its settings for notifications and for requests that wait long; omitted from its JSON, and so
 *     from its hash, if there are none
 * @param bindsOwners whether it applies to an organization's owners' own requests too; omitted likewise if false
 */
public record Policy(
        List<StagePolicy> stages,
        boolean distinctApprovers,

        @JsonProperty("patience") @JsonInclude(JsonInclude.Include.NON_NULL)
        WaitingPolicy waitingPolicy,

        @JsonProperty("binds_owners") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean bindsOwners) {

    /** Needs no approval. */
    public static final Policy NONE = new Policy(List.of(), false);

    /** Copies the list. */
    public Policy {
        stages = List.copyOf(stages);
        waitingPolicy = WaitingPolicy.NONE.equals(waitingPolicy) ? null : waitingPolicy;
    }

    /** A policy without settings for requests that wait long. */
    public Policy(List<StagePolicy> stages, boolean distinctApprovers) {
        this(stages, distinctApprovers, null);
    }

    /** A policy that does not bind owners. */
    public Policy(List<StagePolicy> stages, boolean distinctApprovers, WaitingPolicy waitingPolicy) {
        this(stages, distinctApprovers, waitingPolicy, false);
    }

    /** @return the copy that a request carries: whom the policy binds was settled when the request was submitted */
    public Policy copied() {
        return new Policy(stages, distinctApprovers, waitingPolicy);
    }

    /** @return its settings for requests that wait long, possibly none */
    public WaitingPolicy waiting() {
        return waitingPolicy == null ? WaitingPolicy.NONE : waitingPolicy;
    }

    /**
     * One stage of a policy.
     *
     * @param order its place, from 1
     * @param requiredPermission the permission that a person needs to decide it
     * @param teamScope whose team may decide it
     * @param minApprovers how many distinct people must approve it
     */
    public record StagePolicy(
            int order,
            @JsonProperty("required_permission") Permission requiredPermission,
            @JsonProperty("team_scope") TeamScope teamScope,
            @JsonProperty("min_approvers") int minApprovers) {}

    /** @return a policy with one stage that one person with the permission decides, regardless of their team */
    public static Policy singleStage(Permission permission) {
        return new Policy(List.of(new StagePolicy(1, permission, TeamScope.ANY, 1)), false);
    }

    /** @return the SHA-256 of this policy as canonical JSON, which is also the version that clients name */
    public String hash() {
        return CanonicalJson.hash(CanonicalJson.write(this));
    }
}
