package io.countersign.approval.deciding;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalChange;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Candidate;
import io.countersign.approval.rules.Candidates;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.approval.waiting.StuckDetection;
import io.countersign.approval.waiting.WaitingProperties;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import io.countersign.audit.Origin;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Applies the rules and records the result. Only the user task's listener calls it. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class DecisionRecorder {

    private static final int MAX_COMMENT_LENGTH = 2000;

    private final ApprovalStore store;
    private final ApprovalWriter writer;
    private final Candidates candidates;
    private final Memberships memberships;
    private final People people;
    private final StuckDetection stuckDetection;
    private final WaitingProperties standing;
    private final Clock clock;

    DecisionRecorder(
            ApprovalStore store,
            ApprovalWriter writer,
            Candidates candidates,
            Memberships memberships,
            People people,
            StuckDetection stuckDetection,
            WaitingProperties standing,
            Clock clock) {
        this.store = store;
        this.writer = writer;
        this.candidates = candidates;
        this.memberships = memberships;
        this.people = people;
        this.stuckDetection = stuckDetection;
        this.standing = standing;
        this.clock = clock;
    }

    /**
     * Records that a stage's user task was created.
     *
     * @param taskId the task
     * @param processInstanceId the process instance that the task belongs to
     * @throws Conflict with {@code already_decided} if no stage is open
     */
    public void stageOpened(ApprovalId id, String taskId, String processInstanceId) {
        Approval approval = store.lock(id);
        Stage stage = approval.openStage()
                .orElseThrow(() -> new Conflict(
                        Refusal.ALREADY_DECIDED.code(),
                        "This request is " + approval.status().wireName() + " already."));
        Instant now = clock.instant();
        Approval opened = approval.opened(stage.id(), taskId, processInstanceId, now);
        store.save(opened.withAttentionBy(standing.nextAttention(opened)));
        stuckDetection.assess(store.lock(id));
    }

    /**
     * Records a decision, if the rules allow it.
     *
     * @param taskId the completed user task, which stands for the open stage
     * @param person who decides
     * @param kind approve or reject
     * @param comment required for a rejection and for an override
     * @param seenHash the content hash that the person was shown, if the client names it; a blank one is refused rather
     *     than treated as absent
     * @throws Forbidden if a rule about the person refuses
     * @throws Conflict if the request's state refuses, or if its content differs from what the person was shown
     * @throws InvalidInput if the hash is blank, a required comment is missing or a comment is too long
     */
    public void decide(
            ApprovalId id, String taskId, UserId person, DecisionKind kind, String comment, Optional<String> seenHash) {
        Approval approval = store.lock(id);
        Stage stage = stage(approval, taskId);
        Ruling ruling = judge(approval, stage, person);
        boolean override = ruling.override();
        if (seenHash.filter(String::isBlank).isPresent()) {
            throw new InvalidInput("content_hash", "must be the hash that you were shown, or be left out");
        }
        if (seenHash.isPresent() && !seenHash.get().equals(approval.contentHash())) {
            throw new Conflict(ErrorCode.CONTENT_CHANGED, "The request is not what you were shown. Look at it again.");
        }
        boolean silent = comment == null || comment.isBlank();
        if (silent && (kind == DecisionKind.REJECT || override)) {
            throw new InvalidInput("comment", "must give the reason");
        }
        if (!silent && comment.length() > MAX_COMMENT_LENGTH) {
            throw new InvalidInput("comment", "must have at most " + MAX_COMMENT_LENGTH + " characters");
        }
        Instant now = clock.instant();
        Decision decision = new Decision(
                kind,
                person,
                ruling.onBehalfOf(),
                now,
                silent ? null : comment.strip(),
                override,
                Origin.current().wireName());
        ApprovalChange change = approval.decide(stage.id(), decision);
        write(
                change,
                stage,
                kind == DecisionKind.APPROVE ? AuditAction.APPROVE : AuditAction.REJECT,
                details(approval, decision),
                difference(approval, stage, change.next()));
    }

    /**
     * Records a question with which an approver hands the request back to its submitter, if the rules would let them
     * decide.
     *
     * @param taskId the completed user task, which stands for the open stage
     * @param person who asks
     * @param text the question
     * @throws Forbidden if a rule about the person refuses
     * @throws Conflict if the request's state refuses, or with {@code submitter_cannot_answer} if no person submitted
     *     it
     * @throws InvalidInput if the question is blank or too long
     */
    public void ask(ApprovalId id, String taskId, UserId person, String text) {
        Approval approval = store.lock(id);
        Stage stage = stage(approval, taskId);
        Verdict verdict = ApprovalRules.mayDecide(approval, stage, candidates.of(person, approval.scope()));
        if (!verdict.allowed()) {
            throw verdict.problem();
        }
        if (approval.submitter().person().flatMap(people::find).isEmpty()) {
            throw new Conflict(
                    ErrorCode.SUBMITTER_CANNOT_ANSWER, "No person submitted this request, so nobody can answer.");
        }
        Question question = Question.asked(
                stage.id(),
                person,
                verdict.onBehalfOf(),
                clock.instant(),
                required(text, "comment", "must say what you want to know"));
        write(
                approval.ask(question),
                stage,
                AuditAction.ASK,
                Map.of("question", question.text()),
                new Difference(Map.of("waiting_for", "approvers"), Map.of("waiting_for", "submitter")));
    }

    /**
     * Records that the submitter's user task was created.
     *
     * @return the open question
     */
    public Question questionOpened(ApprovalId id, String taskId) {
        Approval opened = store.lock(id).questionOpened(taskId);
        store.save(opened);
        return opened.openQuestion().orElseThrow();
    }

    /**
     * Records the submitter's answer, or the withdrawal of the question if another permitted person completed the task.
     *
     * @param person who completed the submitter's task
     * @param text the answer; ignored for a withdrawal
     * @throws Forbidden if the person is not the submitter and may not withdraw the question
     * @throws Conflict with {@code no_question} if none is open
     * @throws InvalidInput if the answer is blank or too long
     */
    public void answer(ApprovalId id, UserId person, String text) {
        Approval approval = store.lock(id);
        boolean withdrawal = !ApprovalRules.mayAnswer(approval, person).allowed();
        if (withdrawal) {
            Verdict verdict = ApprovalRules.mayWithdrawQuestion(
                    approval,
                    candidates.of(person, approval.scope()),
                    memberships.find(person, Scope.PLATFORM).isPresent());
            if (!verdict.allowed()) {
                throw verdict.problem();
            }
        }
        Question question = approval.openQuestion().orElseThrow();
        Optional<String> answer =
                withdrawal ? Optional.empty() : Optional.of(required(text, "answer", "must answer the question"));
        write(
                approval.answer(person, answer, clock.instant()),
                approval.stage(question.stage()),
                withdrawal ? AuditAction.WITHDRAW_QUESTION : AuditAction.ANSWER,
                answer.map(said -> Map.of("question", question.text(), "answer", said))
                        .orElseGet(() -> Map.of("question", question.text())),
                new Difference(Map.of("waiting_for", "submitter"), Map.of("waiting_for", "approvers")));
    }

    /** @return the stage that a task stands for */
    private static Stage stage(Approval approval, String taskId) {
        return approval.stageOfTask(taskId)
                .orElseThrow(() -> approval.openQuestion().isPresent()
                        ? new Conflict(
                                Refusal.WAITING_FOR_SUBMITTER.code(), "The submitter is to answer a question first.")
                        : new Conflict(Refusal.ALREADY_DECIDED.code(), "Somebody else decided this stage just now."));
    }

    /** Why a person may decide. */
    private record Ruling(boolean override, Optional<UserId> onBehalfOf) {}

    /** @return why the person may decide; throws if the rules refuse */
    private Ruling judge(Approval approval, Stage stage, UserId person) {
        Verdict verdict = ApprovalRules.mayDecide(approval, stage, candidates.of(person, approval.scope()));
        if (verdict.allowed()) {
            return new Ruling(false, verdict.onBehalfOf());
        }
        if (approval.stuckReason().isPresent()) {
            Candidate onPlatform = candidates.of(person, Scope.PLATFORM);
            if (onPlatform.own().isPresent()) {
                Verdict override = ApprovalRules.mayOverride(approval, stage, onPlatform);
                if (override.allowed()) {
                    return new Ruling(true, Optional.empty());
                }
                throw override.problem();
            }
        }
        throw verdict.problem();
    }

    private static String required(String text, String field, String rule) {
        if (text == null || text.isBlank()) {
            throw new InvalidInput(field, rule);
        }
        if (text.length() > MAX_COMMENT_LENGTH) {
            throw new InvalidInput(field, "must have at most " + MAX_COMMENT_LENGTH + " characters");
        }
        return text.strip();
    }

    private Map<String, Object> details(Approval approval, Decision decision) {
        Map<String, Object> details = new HashMap<>();
        details.put("content_hash", approval.contentHash());
        details.put("override", decision.override());
        if (decision.override()) {
            approval.stuckReason().ifPresent(reason -> details.put("stuck_reason", reason));
        }
        decision.onBehalfOf().ifPresent(absent -> details.put("on_behalf_of", absent));
        if (candidates.inAnotherGuise(decision.decidedBy(), approval)) {
            details.put("account_maker", true);
        }
        if (decision.comment() != null) {
            details.put("comment", decision.comment());
        }
        return details;
    }

    private void write(
            ApprovalChange change, Stage stage, AuditAction action, Map<String, ?> more, Difference difference) {
        Map<String, Object> details = new HashMap<>(more);
        details.put("stage", stage.order());
        writer.write(change, action, details, difference);
    }

    /** The changes made by a decision to the request and its stage. */
    private static Difference difference(Approval before, Stage stage, Approval after) {
        return new Difference(state(before, stage), state(after, after.stage(stage.id())));
    }

    private static Map<String, ?> state(Approval approval, Stage stage) {
        return Map.of(
                "stage_status",
                stage.status(),
                "status",
                approval.status(),
                "decisions",
                stage.decisions().size());
    }
}
