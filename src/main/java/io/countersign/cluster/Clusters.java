package io.countersign.cluster;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Submission;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.RequestProcess;
import io.countersign.cluster.ClusterRecord.Request;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Requests, shows, updates, deletes and retries clusters. */
@Component
@Transactional
public class Clusters {

    private static final String ENTITY = ClusterRequests.TYPE.wireName();
    private static final RequestProcess PROCESS = new RequestProcess("cluster-approval", "clusterId");

    private final ClusterStore store;
    private final ChangeProcesses processes;
    private final ClusterClaims claims;
    private final Approvals approvals;
    private final Policies policies;
    private final Memberships memberships;
    private final AuditTrail audit;
    private final Clock clock;

    Clusters(
            ClusterStore store,
            ChangeProcesses processes,
            ClusterClaims claims,
            Approvals approvals,
            Policies policies,
            Memberships memberships,
            AuditTrail audit,
            Clock clock) {
        this.store = store;
        this.processes = processes;
        this.claims = claims;
        this.approvals = approvals;
        this.policies = policies;
        this.memberships = memberships;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Asks the target, before a cluster is requested and outside any transaction, whether it would refuse it now. If
     * the target does not answer in time, a refusal surfaces when the cluster is provisioned.
     *
     * @throws NotFound if the requester is not a member of the organization
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     * @throws InvalidInput naming every invalid field, and {@code adopt} if there is nothing to adopt
     * @throws Conflict with {@code exists_already} if an object with its name belongs to someone else and is not to be
     *     adopted; with {@code foreign_namespace} if the organization's namespace belongs to someone else
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public void requireFree(UserId requester, String organization, String name, ClusterSpec spec) {
        memberships.require(requester, Scope.organization(organization), Permission.CLUSTER_CREATE);
        ClusterRules.checkNew(name, spec);
        claims.require(organization, name, spec.adopt());
    }

    /**
     * Requests a new cluster. An owner's request is provisioned immediately, unless the policy binds owners; anyone
     * else's waits for approval.
     *
     * @param requester who requests it
     * @param organization the organization it belongs to
     * @param name a DNS label that no other cluster of the organization has
     * @return the cluster: provisioning, or pending approval
     * @throws NotFound if the requester is not a member of the organization
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     * @throws InvalidInput naming every invalid field
     * @throws Conflict with {@code cluster_exists} if the name is taken
     */
    public Cluster request(UserId requester, String organization, String name, ClusterSpec spec) {
        Scope scope = Scope.organization(organization);
        Membership membership = memberships.require(requester, scope, Permission.CLUSTER_CREATE);
        ClusterRules.checkNew(name, spec);
        Policy policy = policy(membership, scope, Change.CREATE);
        Approval approval = approvals.submit(new Submission(
                ClusterRequests.TYPE,
                name,
                name,
                Change.CREATE.wireName(),
                scope,
                Principal.of(requester),
                ClusterRequest.of(organization, name, spec),
                Optional.empty(),
                policy));
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        boolean added = store.insert(new Cluster(
                id,
                organization,
                name,
                spec,
                ClusterLifecycle.INITIAL,
                null,
                requester,
                now,
                now,
                approval.id(),
                null));
        if (!added) {
            throw new Conflict(
                    ErrorCode.CLUSTER_EXISTS, "There is a cluster \"" + name + "\" in " + organization + " already.");
        }
        record(
                AuditAction.CREATE,
                organization,
                name,
                id,
                Difference.created(Map.of("status", ClusterLifecycle.INITIAL, "spec", spec)));
        String process = processes.start(PROCESS, id, name, approval.id());
        store.setProcess(store.find(id).orElseThrow(), process);
        return get(id);
    }

    /**
     * @param reader a member of the organization, or a superadmin
     * @param status only clusters in this status; if empty, all but the deleted
     * @param page which page
     * @return the organization's clusters, newest first
     * @throws NotFound if the reader may not see the organization
     */
    @Transactional(readOnly = true)
    public Page<Cluster> list(UserId reader, String organization, Optional<ClusterStatus> status, PageRequest page) {
        requireReader(reader, organization);
        return store.list(organization, status, page).map(ClusterRecord::cluster);
    }

    /**
     * @param reader a member of the organization, or a superadmin
     * @return the cluster with that name; if none is left, the one that was deleted or rejected last
     * @throws NotFound if there is none that the reader may see
     */
    @Transactional(readOnly = true)
    public Cluster get(UserId reader, String organization, String name) {
        requireReader(reader, organization);
        return store.find(organization, name).map(ClusterRecord::cluster).orElseThrow(() -> noCluster(name));
    }

    /**
     * @param person anyone
     * @param cluster a cluster that they may see
     * @return what the person may do to it now
     */
    @Transactional(readOnly = true)
    public Set<ClusterEvent> possible(UserId person, Cluster cluster) {
        ClusterRecord row = store.find(cluster.id()).orElseThrow();
        ClusterEvent resumption = row.change().resumption();
        return Stream.of(updateOf(row), ClusterEvent.DELETE, resumption)
                .filter(event -> event == ClusterEvent.DELETE && callsOff(row)
                        || ClusterLifecycle.TABLE
                                        .find(row.cluster().status(), event)
                                        .isPresent()
                                && (event == resumption || row.request().isEmpty()))
                .filter(event -> mayCause(person, cluster.organization(), event))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Requests a change to a cluster that is running or whose last update failed. It is changed immediately if the
     * scope requires no approval for that. A failed creation cannot be changed this way: only what was approved is
     * created.
     *
     * @param actor who requests it
     * @param spec the new values; a field that is null stays as it is
     * @return the cluster: updating, or pending approval and otherwise as it is
     * @throws NotFound if there is none that the actor may see
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     * @throws Conflict with {@code wrong_state} in any other status
     * @throws InvalidInput naming every field that is invalid or cannot be changed
     */
    public Cluster update(UserId actor, String organization, String name, ClusterSpec spec) {
        Membership member = memberships.require(actor, Scope.organization(organization), Permission.CLUSTER_UPDATE);
        ClusterRecord row = store.lock(organization, name).orElseThrow(() -> noCluster(name));
        ClusterSpec current = row.present().spec();
        requirePossible(row, updateOf(row));
        ClusterSpec next = current.with(spec);
        ClusterRules.checkUpdate(current, next);
        return submit(member, row, updateOf(row), Change.UPDATE, next);
    }

    /**
     * Requests the deletion of a cluster that is running or whose last change failed. It is deleted immediately if the
     * scope requires no approval for that. A change not yet carried out is cancelled first; if it is the cluster's
     * creation, nothing else happens.
     *
     * @param actor who requests it
     * @return the cluster: deleting, deleted, or pending approval and otherwise as it is
     * @throws NotFound if there is none that the actor may see
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     * @throws Conflict with {@code wrong_state} in any other status
     */
    public Cluster delete(UserId actor, String organization, String name) {
        Membership member = memberships.require(actor, Scope.organization(organization), Permission.CLUSTER_DELETE);
        // Locked before the cluster, the lock order of decisions on its request and of carrying it out.
        store.find(organization, name)
                .map(found -> found.cluster().approvalId())
                .ifPresent(approvals::hold);
        ClusterRecord row = store.lock(organization, name).orElseThrow(() -> noCluster(name));
        if (callsOff(row)) {
            approvals.cancel(actor, row.cluster().approvalId());
            row = store.lock(row.present().id()).orElseThrow();
            if (row.present().status().ended()) {
                return row.cluster();
            }
        }
        requirePossible(row, ClusterEvent.DELETE);
        return submit(
                member,
                row,
                ClusterEvent.DELETE,
                Change.DELETE,
                row.present().spec().adoptingNothing());
    }

    private Cluster submit(Membership member, ClusterRecord row, ClusterEvent event, Change change, ClusterSpec spec) {
        Cluster cluster = row.present();
        Scope scope = Scope.organization(cluster.organization());
        Approval approval = approvals.submit(new Submission(
                ClusterRequests.TYPE,
                cluster.name(),
                cluster.name(),
                change.wireName(),
                scope,
                Principal.of(member.user()),
                ClusterRequest.of(cluster.organization(), cluster.name(), spec),
                Optional.of(ClusterRequest.of(cluster.organization(), cluster.name(), cluster.spec())),
                policy(member, scope, change)));
        ClusterRecord submitted =
                row.submitted(event, new Request(change, spec, approval.id(), member.user(), null, cluster.status()));
        store.save(submitted);
        record(
                change == Change.UPDATE ? AuditAction.UPDATE : AuditAction.DELETE,
                cluster.organization(),
                cluster.name(),
                cluster.id(),
                change == Change.UPDATE
                        ? new Difference(describe(cluster), describe(submitted.asked()))
                        : statuses(row, submitted));
        store.setProcess(submitted, processes.start(PROCESS, cluster.id(), cluster.name(), approval.id()));
        return get(cluster.id());
    }

    /**
     * @param person a member of the organization
     * @param change what they might request
     * @return whether it would wait for approval
     */
    @Transactional(readOnly = true)
    public boolean needsApproval(UserId person, String organization, ClusterEvent change) {
        Scope scope = Scope.organization(organization);
        Change asked = switch (change) {
            case UPDATE, CORRECT -> Change.UPDATE;
            case DELETE -> Change.DELETE;
            default -> Change.CREATE;
        };
        return memberships
                .find(person, scope)
                .filter(member -> !policy(member, scope, asked).stages().isEmpty())
                .isPresent();
    }

    /** An owner needs no approval unless the policy binds owners. */
    private Policy policy(Membership member, Scope scope, Change change) {
        Policy policy = policies.of(scope, ClusterRequests.TYPE, change.wireName());
        return member.owner() && !policy.bindsOwners() ? Policy.NONE : policy;
    }

    /** Refuses before a request is recorded. */
    private static void requirePossible(ClusterRecord row, ClusterEvent event) {
        ClusterLifecycle.TABLE.require(row.present().status(), event);
        if (row.request().isPresent()) {
            throw new Conflict(
                    ErrorCode.REQUEST_PENDING,
                    "Another change of this cluster waits to be carried out. It can be cancelled until then.");
        }
    }

    /**
     * Resumes a failed change from where it failed.
     *
     * @param actor an owner or a superadmin
     * @return the cluster: provisioning, updating or deleting
     * @throws NotFound if there is none that the actor may see
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     * @throws Conflict with {@code wrong_state} unless its last change failed
     */
    public Cluster retry(UserId actor, String organization, String name) {
        if (!isSuperadmin(actor)) {
            memberships.require(actor, Scope.organization(organization), Permission.CLUSTER_RETRY);
        }
        ClusterRecord row = store.lock(organization, name).orElseThrow(() -> noCluster(name));
        ClusterRecord resumed = row.after(row.change().resumption(), null);
        record(AuditAction.RETRY, organization, name, row.cluster().id(), statuses(row, resumed));
        store.save(resumed);
        if (!processes.retry(row.cluster().processInstanceId())) {
            if (isUntouched(row)) {
                throw new Conflict(
                        ErrorCode.PROCESS_ENDED, "The process of this request was ended. It can only be cancelled.");
            }
            store.setProcess(
                    resumed,
                    processes.carryOut(
                            ClusterRequests.TYPE,
                            row.present().id(),
                            row.present().name()));
        }
        return get(row.cluster().id());
    }

    /** Whether deleting a cluster first calls off the change last requested. */
    private boolean callsOff(ClusterRecord row) {
        return row.change() != Change.DELETE && isUntouched(row);
    }

    /** Whether the change last requested is approved and none of it is carried out. */
    private boolean isUntouched(ClusterRecord row) {
        return row.present().status() != ClusterStatus.APPROVAL_PENDING
                && approvals.get(row.cluster().approvalId()).unfinished();
    }

    private static ClusterEvent updateOf(ClusterRecord row) {
        boolean failed = row.cluster().status() == ClusterStatus.PROVISIONING_FAILED;
        return failed && row.change() == Change.UPDATE ? ClusterEvent.CORRECT : ClusterEvent.UPDATE;
    }

    private boolean mayCause(UserId person, String organization, ClusterEvent event) {
        Permission needed = event.permission().orElseThrow();
        boolean member = memberships
                .find(person, Scope.organization(organization))
                .filter(present -> present.permissions().contains(needed))
                .isPresent();
        return member || needed == Permission.CLUSTER_RETRY && isSuperadmin(person);
    }

    private Cluster get(UUID id) {
        return store.find(id).orElseThrow().cluster();
    }

    private void requireReader(UserId reader, String organization) {
        if (!isSuperadmin(reader)) {
            memberships.require(reader, Scope.organization(organization), Permission.CLUSTER_VIEW);
        }
    }

    private boolean isSuperadmin(UserId user) {
        return memberships.find(user, Scope.PLATFORM).isPresent();
    }

    private static Difference statuses(ClusterRecord before, ClusterRecord after) {
        return new Difference(
                Map.of("status", before.cluster().status()),
                Map.of("status", after.cluster().status()));
    }

    private static Map<String, Object> describe(Cluster cluster) {
        return Map.of("status", cluster.status(), "spec", cluster.spec());
    }

    private void record(AuditAction action, String organization, String name, UUID id, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        ENTITY, name, name, Scope.organization(organization).toString()),
                Map.of("cluster_id", id),
                difference);
    }

    private static NotFound noCluster(String name) {
        return new NotFound("cluster", name);
    }
}
