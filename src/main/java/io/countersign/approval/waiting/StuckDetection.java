package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.approval.ReachabilityChanged;
import io.countersign.approval.Stage;
import io.countersign.approval.StageTasks;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Candidate;
import io.countersign.approval.rules.Candidates;
import io.countersign.approval.store.ApprovalQueries;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Detects when no one can decide an approval's open stage, or no one who can was notified, and when that is over.
 *
 * <p>Opening a stage locks the scope's members, and changing a member waits for that lock. A change therefore sees
 * every open stage that it could affect without locking any: it finds those whose answer differs now, marks them, and
 * checks each again after the commit, locked, in its own transaction. The mark survives a crash in between.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class StuckDetection {

    private static final Logger log = LoggerFactory.getLogger(StuckDetection.class);
    private static final int BATCH = 100;

    private final ApprovalStore store;
    private final ApprovalQueries queries;
    private final ApprovalWriter writer;
    private final StageTasks tasks;
    private final Candidates candidates;
    private final Memberships memberships;
    private final Reachability reachability;
    private final ApplicationEventPublisher events;

    StuckDetection(
            ApprovalStore store,
            ApprovalQueries queries,
            ApprovalWriter writer,
            StageTasks tasks,
            Candidates candidates,
            Memberships memberships,
            Reachability reachability,
            ApplicationEventPublisher events) {
        this.store = store;
        this.queries = queries;
        this.writer = writer;
        this.tasks = tasks;
        this.candidates = candidates;
        this.memberships = memberships;
        this.reachability = reachability;
        this.events = events;
    }

    /** Approvals to check after the transaction that may have affected them commits. */
    record Suspected(List<ApprovalId> approvals) {}

    /** Finds approvals that become stuck, or no longer are, when a person joins, leaves or changes roles. */
    @EventListener
    public void membershipChanged(MembershipChanged change) {
        suspect(
                change.scope(),
                queries
                        .pendingIn(
                                change.scope(),
                                change.user(),
                                permissions(change.before()),
                                permissions(change.after()))
                        .stream()
                        .filter(approval -> approval.openStage()
                                .filter(stage -> ApprovalRules.isTouched(
                                        approval, stage, change.user(), change.before(), change.after()))
                                .isPresent())
                        .toList());
    }

    /** Finds approvals whose eligible people can no longer be notified, or can be again. */
    @EventListener
    public void reachabilityChanged(ReachabilityChanged change) {
        memberships.holdToChange(change.scope());
        Set<Permission> deciding = permissions(memberships.find(change.user(), change.scope()));
        suspect(change.scope(), queries.pendingIn(change.scope(), change.user(), deciding, deciding));
    }

    /** Checks approvals that a committed change may have left stuck or no longer stuck. */
    @TransactionalEventListener
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void assess(Suspected suspected) {
        suspected.approvals().forEach(this::assessApart);
    }

    /** Checks approvals that a crashed server left unchecked. */
    void assessLeftOvers() {
        queries.toAssess(BATCH).forEach(this::assessApart);
    }

    /**
     * Records whether the open stage of an approval is stuck.
     *
     * @param approval locked by the caller
     */
    public void assess(Approval approval) {
        approval.openStage().ifPresent(stage -> {
            memberships.hold(approval.scope());
            Optional<String> reason = ApprovalRules.stuckReason(
                    approval,
                    stage,
                    candidates.in(approval.scope()),
                    people -> told(
                            approval,
                            stage,
                            people,
                            reachability.reachable(people, approval.scope(), approval.entityType())));
            if (!reason.equals(approval.stuckReason())) {
                writer.write(approval.stuck(reason));
            }
        });
    }

    private void assessApart(ApprovalId id) {
        try {
            tasks.apart(() -> {
                Approval approval = store.lock(id);
                if (!approval.processEnded()) {
                    assess(approval);
                }
                queries.markAssessed(id);
            });
        } catch (RuntimeException e) {
            log.warn("event=stuck_detection_postponed approval={}", id, e);
        }
    }

    /** Marks those of some approvals whose recorded stuck reason is out of date. */
    private void suspect(Scope scope, List<Approval> touched) {
        if (touched.isEmpty()) {
            return;
        }
        List<Candidate> members = candidates.in(scope);
        List<Candidate> deciders = members.stream()
                .filter(member -> !permissions(member.own()).isEmpty())
                .toList();
        // Queried once for all, since there may be many requests that concern mostly the same people.
        List<UserId> everybody = members.stream().map(Candidate::user).toList();
        Map<EntityType, Set<UserId>> reachable = new HashMap<>();
        List<ApprovalId> suspected = touched.stream()
                .filter(approval -> !approval.processEnded())
                .filter(approval -> approval.openStage()
                        .filter(stage -> !ApprovalRules.stuckReason(
                                        approval,
                                        stage,
                                        stage.escalatedAt().isPresent() ? members : deciders,
                                        people -> told(
                                                approval,
                                                stage,
                                                people,
                                                reachable.computeIfAbsent(
                                                        approval.entityType(),
                                                        type -> reachability.reachable(everybody, scope, type))))
                                .equals(approval.stuckReason()))
                        .isPresent())
                .map(Approval::id)
                .toList();
        if (!suspected.isEmpty()) {
            queries.markToAssess(suspected);
            events.publishEvent(new Suspected(suspected));
        }
    }

    /** @return those of some people who can be notified; if none can, those who were notified earlier */
    private Set<UserId> told(Approval approval, Stage stage, Collection<UserId> people, Set<UserId> reachable) {
        Set<UserId> told = new HashSet<>(people);
        told.retainAll(reachable);
        if (told.isEmpty()) {
            told.addAll(people);
            told.retainAll(reachability.told(approval, stage));
        }
        return told;
    }

    /** @return which of a member's permissions let them decide */
    private static Set<Permission> permissions(Optional<Membership> membership) {
        return membership.map(Membership::permissions).stream()
                .flatMap(Set::stream)
                .filter(Permission::decides)
                .collect(Collectors.toSet());
    }
}
