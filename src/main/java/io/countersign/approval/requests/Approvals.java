package io.countersign.approval.requests;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.EntityType;
import io.countersign.approval.NotApproved;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.StageTasks;
import io.countersign.approval.Submission;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Candidate;
import io.countersign.approval.rules.Candidates;
import io.countersign.approval.rules.Verdict;
import io.countersign.approval.store.ApprovalQueries;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.approval.waiting.LapsedApprovals;
import io.countersign.approval.waiting.WaitingProperties;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Submits, shows, decides and cancels approvals. */
@Component
@Transactional
public class Approvals {

    private static final int MAX_COMMENT_LENGTH = 2000;
    private static final int MAX_BATCH = 200;

    private final ApprovalStore store;
    private final ApprovalQueries queries;
    private final ApprovalWriter writer;
    private final StageTasks tasks;
    private final LapsedApprovals lapsedApprovals;
    private final Memberships memberships;
    private final Candidates candidates;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WaitingProperties standing;
    private final DecisionRights rights;

    Approvals(
            ApprovalStore store,
            ApprovalQueries queries,
            ApprovalWriter writer,
            StageTasks tasks,
            LapsedApprovals lapsedApprovals,
            Memberships memberships,
            Candidates candidates,
            ApplicationEventPublisher events,
            Clock clock,
            WaitingProperties standing,
            DecisionRights rights) {
        this.store = store;
        this.queries = queries;
        this.writer = writer;
        this.tasks = tasks;
        this.lapsedApprovals = lapsedApprovals;
        this.memberships = memberships;
        this.candidates = candidates;
        this.events = events;
        this.clock = clock;
        this.standing = standing;
        this.rights = rights;
    }

    /**
     * Records a request. The caller starts the process that calls {@code approval-stages} in the same transaction.
     *
     * @param submission the submitted request; its content and policy are copied and hashed
     * @return the approval: pending, or approved immediately if the policy has no stage
     */
    public Approval submit(Submission submission) {
        ApprovalId id = ApprovalId.random();
        Optional<TeamId> team = submission
                .submitter()
                .person()
                .flatMap(person -> memberships.find(person, submission.scope()))
                .flatMap(Membership::team);
        Instant now = clock.instant();
        Approval approval =
                Approval.submitted(id, submission, team, now, standing.firstAttention(submission.policy(), now));
        store.insert(approval);
        writer.record(
                approval,
                AuditAction.SUBMIT,
                Map.of(
                        "status", approval.status(),
                        "stages", approval.stages().size(),
                        "content_hash", approval.contentHash()),
                new Difference(
                        approval.currentContent().map(CanonicalJson::read).orElse(null),
                        CanonicalJson.read(approval.content())));
        return approval;
    }

    /**
     * @return the approval, without a permission check
     * @throws NotFound if there is none with that id
     */
    @Transactional(readOnly = true)
    public Approval get(ApprovalId id) {
        return store.find(id).orElseThrow(() -> new NotFound("approval", id.toString()));
    }

    /**
     * @return the approval, for someone who may see it: members of its scope, its submitter, superadmins
     * @throws NotFound if there is none with that id that they may see
     */
    @Transactional(readOnly = true)
    public Approval getVisible(UserId reader, ApprovalId id) {
        return requireVisible(reader, get(id));
    }

    /**
     * Reads and locks an approval until the transaction ends. Transactions that change both an approval and its subject
     * lock the approval first, as deciding and cancelling do, to avoid deadlocks.
     *
     * @return the approval, without a permission check
     * @throws NotFound if there is none with that id
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Approval hold(ApprovalId id) {
        return store.lock(id);
    }

    /**
     * Locks an approval until the transaction ends, to serialize people's actions on it.
     *
     * @return the approval, for someone who may see it
     * @throws NotFound if there is none with that id that they may see
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Approval holdVisible(UserId person, ApprovalId id) {
        return requireVisible(person, store.lock(id));
    }

    private Approval requireVisible(UserId reader, Approval approval) {
        boolean visible = approval.submitter().is(reader)
                || memberships.of(reader).stream()
                        .map(Membership::scope)
                        .anyMatch(scope -> scope.equals(approval.scope()) || scope.equals(Scope.PLATFORM));
        if (!visible) {
            throw new NotFound("approval", approval.id().toString());
        }
        return approval;
    }

    /**
     * The filter of a list.
     *
     * @param scope only this scope
     * @param status only this status
     * @param entityType only this kind of thing
     * @param entityId only the thing with this id
     * @param submitter only requests of this principal
     * @param decidable only those whose open stage the reader may decide now
     */
    public record Query(
            Optional<Scope> scope,
            Optional<ApprovalStatus> status,
            Optional<EntityType> entityType,
            Optional<String> entityId,
            Optional<Principal> submitter,
            boolean decidable) {

        /** Everything that the reader may see. */
        public static final Query ALL = new Query(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

        /** The requests that wait for the reader's decision. */
        public static final Query DECIDABLE = new Query(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
    }

    /**
     * @param reader who asks
     * @param query the filter
     * @param page which page
     * @return the approvals that the reader may see, newest first
     */
    @Transactional(readOnly = true)
    public Page<Approval> list(UserId reader, Query query, PageRequest page) {
        List<Membership> own = memberships.of(reader);
        return query.decidable() ? listDecidable(reader, own, query, page) : listVisible(reader, own, query, page);
    }

    private Page<Approval> listVisible(UserId reader, List<Membership> own, Query query, PageRequest page) {
        boolean seesAll = own.stream().anyMatch(membership -> membership.scope().equals(Scope.PLATFORM))
                || query.submitter().filter(submitter -> submitter.is(reader)).isPresent();
        ApprovalQueries.Filter filter = new ApprovalQueries.Filter(
                seesAll
                        ? Optional.empty()
                        : Optional.of(own.stream().map(Membership::scope).toList()),
                Optional.of(reader),
                query.scope(),
                query.status(),
                query.entityType(),
                query.entityId(),
                query.submitter());
        return queries.list(filter, page);
    }

    /**
     * The query excludes impossible candidates; the rules determine what is decidable. Reads on until the page is full.
     */
    private Page<Approval> listDecidable(UserId reader, List<Membership> own, Query query, PageRequest page) {
        Map<Scope, Candidate> everywhere = candidates.everywhere(reader, own);
        List<ApprovalQueries.Power> powers = everywhere.values().stream()
                .flatMap(candidate -> Stream.concat(candidate.own().stream(), candidate.absent().stream()))
                .flatMap(membership -> Stream.concat(
                        Stream.of(new ApprovalQueries.Power(membership.scope(), Optional.empty())),
                        membership.permissions().stream()
                                .filter(Permission::decides)
                                .map(permission ->
                                        new ApprovalQueries.Power(membership.scope(), Optional.of(permission)))))
                .distinct()
                .toList();
        ApprovalQueries.Filter filter = new ApprovalQueries.Filter(
                Optional.empty(),
                Optional.empty(),
                query.scope(),
                Optional.empty(),
                query.entityType(),
                query.entityId(),
                query.submitter());
        List<Approval> found = new ArrayList<>();
        Optional<PageRequest.Key> after = page.after();
        int batchSize = page.limit() + 1;
        while (found.size() <= page.limit() && !powers.isEmpty()) {
            List<Approval> batch = queries.listOpen(powers, reader, filter, after, batchSize);
            batch.stream()
                    .filter(approval -> mayDecideOpenStage(approval, reader, everywhere))
                    .forEach(found::add);
            if (batch.size() < batchSize) {
                break;
            }
            after = Optional.of(ApprovalQueries.key(batch.get(batch.size() - 1)));
            batchSize = Math.min(2 * batchSize, MAX_BATCH);
        }
        return Page.of(
                found.size() > page.limit() + 1 ? found.subList(0, page.limit() + 1) : found,
                page.limit(),
                approval -> ApprovalQueries.key(approval).toCursor());
    }

    /** @return the stuck approvals, oldest first, without a permission check */
    @Transactional(readOnly = true)
    public Page<Approval> stuck(PageRequest page) {
        return queries.listStuck(page);
    }

    /** @return those approvals that are not pending and were closed before a time, without a permission check */
    @Transactional(readOnly = true)
    public Set<ApprovalId> closedBefore(Instant time, Collection<ApprovalId> ids) {
        return queries.closedBefore(time, ids);
    }

    /** @return the process instance that the approval's stages run in; empty if none ever opened */
    @Transactional(readOnly = true)
    public Optional<String> processInstance(ApprovalId id) {
        return store.find(id).flatMap(Approval::process);
    }

    /**
     * Cancels a request that is pending, or approved and not yet carried out.
     *
     * @param actor the submitter, an owner or an admin of the scope; a superadmin if its process was ended
     * @return the approval after the cancellation
     * @throws NotFound if there is no such approval that the actor may see
     * @throws Forbidden with {@code missing_permission} for anyone else who may see it
     * @throws Conflict with {@code wrong_state} if it is rejected, cancelled or carried out already
     * @throws org.springframework.dao.ConcurrencyFailureException if an engine job interfered; see
     *     {@link Decisions#cancel}, which retries
     */
    public Approval cancel(UserId actor, ApprovalId id) {
        getVisible(actor, id);
        Approval approval = store.lock(id);
        if (!rights.mayAskToCancel(actor, approval)) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION, "Only the submitter, an owner or an admin cancels this request.");
        }
        close(approval, Map.of());
        return get(id);
    }

    /**
     * Cancels a request that has lost its subject, on behalf of no person. Does nothing if the request is already
     * rejected, cancelled or carried out.
     *
     * @param reason the user-facing reason: what happened to the subject
     * @throws NotFound if there is no such approval
     */
    public void withdraw(ApprovalId id, String reason) {
        Approval approval = store.lock(id);
        if (approval.unfinished()) {
            close(approval, Map.of("reason", reason));
        }
    }

    /**
     * Takes back an approval while later stages are open, or none of it is carried out. Its stage reopens, later stages
     * wait, and the approval is kept on record as taken back.
     *
     * @param actor who gave it, or on whose behalf it was given
     * @param reason why; never blank
     * @return the approval after that
     * @throws NotFound if there is no such approval or stage that the actor may see
     * @throws Forbidden with {@code not_your_decision} if it is not theirs
     * @throws Conflict with {@code later_stage_decided} if a later stage was decided, {@code already_decided} if the
     *     request was rejected, cancelled or carried out
     * @throws InvalidInput if the reason is blank or too long
     * @throws org.springframework.dao.ConcurrencyFailureException if an engine job interfered; see
     *     {@link Decisions#takeBack}, which retries
     */
    public Approval takeBack(UserId actor, ApprovalId id, StageId stageId, String reason) {
        getVisible(actor, id);
        Approval approval = store.lock(id);
        Stage stage = approval.stage(stageId);
        Verdict verdict = ApprovalRules.mayTakeBack(approval, stage, actor);
        if (!verdict.allowed()) {
            throw verdict.problem();
        }
        if (reason == null || reason.isBlank() || reason.length() > MAX_COMMENT_LENGTH) {
            throw new InvalidInput("reason", "must have 1 to " + MAX_COMMENT_LENGTH + " characters");
        }
        Decision decision = stage.decisionOf(actor).orElseThrow();
        Instant now = clock.instant();
        writer.write(
                approval.takeBack(
                        stageId, decision, actor, reason.strip(), now, standing.firstAttention(approval.policy(), now)),
                AuditAction.TAKE_BACK,
                Map.of("stage", stage.order(), "decided_by", decision.decidedBy(), "reason", reason.strip()),
                new Difference(
                        Map.of(
                                "stage_status",
                                stage.status(),
                                "decisions",
                                stage.decisions().size()),
                        Map.of(
                                "stage_status",
                                StageStatus.PENDING,
                                "decisions",
                                stage.decisions().size() - 1)));
        if (approval.status() == ApprovalStatus.PENDING) {
            tasks.reopen(id);
        } else {
            tasks.startAgain(id, approval.entityName());
        }
        return get(id);
    }

    private void close(Approval approval, Map<String, ?> details) {
        writer.write(
                approval.cancel(clock.instant()),
                AuditAction.CANCEL,
                details,
                new Difference(Map.of("status", approval.status()), Map.of("status", ApprovalStatus.CANCELLED)));
        if (approval.status() == ApprovalStatus.PENDING) {
            boolean told = tasks.cancel(approval.id());
            if (!told || approval.processEnded()) {
                events.publishEvent(new ApprovalEvent.CancelledWithoutProcess(approval.id()));
            }
        }
    }

    /**
     * Records that the process of a request proceeds to carry it out, after checking the approval. Nothing is written
     * yet: the request can still be cancelled, be taken back or lapse.
     *
     * @param id the approval that supposedly allows the change
     * @param content the content to carry out
     * @throws NotApproved unless exactly this content was approved in full, is not cancelled and has not lapsed
     */
    public void release(ApprovalId id, Object content) {
        store.save(store.lock(id).release(hash(content), clock.instant()));
    }

    /**
     * The guard of every write to the target: checks the record again and commits to the first write. Runs in the
     * writing transaction and is idempotent, since engine jobs are retried.
     *
     * @param id the approval that supposedly allows the change
     * @param content the content to carry out
     * @throws NotApproved unless exactly this content was approved in full, is not cancelled, and did not lapse before
     *     the first write
     */
    public void carryOut(ApprovalId id, Object content) {
        store.save(store.lock(id).carryOut(hash(content), clock.instant()));
    }

    /**
     * Makes a lapsed request pending again before any of it is carried out. Called by the process that was about to
     * carry it out, which returns to its stages by itself.
     *
     * @throws NotApproved unless it lapsed
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lapse(ApprovalId id) {
        lapsedApprovals.lapse(store.lock(id), clock.instant());
    }

    private static String hash(Object content) {
        return CanonicalJson.hash(CanonicalJson.write(content));
    }

    private static boolean mayDecideOpenStage(Approval approval, UserId reader, Map<Scope, Candidate> everywhere) {
        Candidate person = everywhere.getOrDefault(approval.scope(), Candidate.alone(reader, Optional.empty()));
        return approval.openStage()
                .filter(stage ->
                        ApprovalRules.mayDecide(approval, stage, person).allowed())
                .isPresent();
    }
}
