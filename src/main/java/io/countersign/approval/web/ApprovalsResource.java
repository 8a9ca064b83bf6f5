package io.countersign.approval.web;

import io.countersign.api.FailedTry;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.deciding.Decisions;
import io.countersign.approval.discussion.Discussion;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.approval.preview.Previews;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.CarryingOutTries;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.risk.Risks;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.approval.wording.Change;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.PrincipalNames;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Approvals")
class ApprovalsResource {

    private final Approvals approvals;
    private final DecisionRights rights;
    private final Discussion discussion;
    private final Decisions decisions;
    private final Previews previews;
    private final Risks risks;
    private final CarryingOutTries tries;
    private final Memberships memberships;
    private final PrincipalNames names;
    private final RequestKinds kinds;
    private final Idempotency idempotency;

    ApprovalsResource(
            Approvals approvals,
            DecisionRights rights,
            Discussion discussion,
            Decisions decisions,
            Previews previews,
            Risks risks,
            CarryingOutTries tries,
            Memberships memberships,
            PrincipalNames names,
            RequestKinds kinds,
            Idempotency idempotency) {
        this.approvals = approvals;
        this.rights = rights;
        this.discussion = discussion;
        this.decisions = decisions;
        this.previews = previews;
        this.risks = risks;
        this.tries = tries;
        this.memberships = memberships;
        this.names = names;
        this.kinds = kinds;
        this.idempotency = idempotency;
    }

    record DecisionBody(String comment, String contentHash) {}

    record TakeBackBody(String reason) {}

    record QuestionBody(String question) {}

    record AnswerBody(String answer) {}

    record OverrideBody(String decision, String reason, String contentHash) {}

    record CommentBody(String text) {}

    record Diff(boolean creation, List<Change> changes) {}

    record Preview(List<ObjectChange> objects) {}

    /** Who may decide; {@code stuckReason} says why no one can, if so. */
    record Eligibility(String stuckReason, List<StageEligibility> stages) {}

    /** Who may decide a stage, and who of them was asked; the last five are set only for queries about a person. */
    record StageEligibility(
            int order,
            List<UserId> eligible,
            List<UserId> asked,
            UserId user,
            Boolean allowed,
            UserId onBehalfOf,
            String code,
            String explanation) {}

    @GetMapping("/approvals")
    @Operation(summary = "Lists the approvals that the caller may see, newest first")
    Page<ApprovalView> list(
            @RequestParam(required = false) String status,
            @RequestParam(required = false) String entityType,
            @RequestParam(required = false) String entityId,
            @RequestParam(required = false) String submitter,
            @RequestParam(defaultValue = "false") boolean decidable,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return list(Optional.empty(), status, entityType, entityId, submitter, decidable, limit, cursor);
    }

    @GetMapping("/projects/{project}/approvals")
    @Operation(summary = "Lists a project's approvals, newest first")
    Page<ApprovalView> listInProject(
            @PathVariable String project,
            @RequestParam(required = false) String status,
            @RequestParam(required = false) String entityType,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        requireMember(project);
        return list(Optional.of(Scope.project(project)), status, entityType, null, null, false, limit, cursor);
    }

    @GetMapping("/approvals/{id}")
    @Operation(summary = "Shows an approval with its stages")
    ApprovalView get(@PathVariable String id) {
        return view(visible(id));
    }

    @PostMapping("/approvals/{id}/stages/{stageId}/approve")
    @Operation(summary = "Approves the open stage")
    ApprovalView approve(
            @PathVariable String id, @PathVariable String stageId, @RequestBody(required = false) DecisionBody body) {
        return decide(id, stageId, DecisionKind.APPROVE, body);
    }

    @PostMapping("/approvals/{id}/stages/{stageId}/reject")
    @Operation(summary = "Rejects the request; a reason is needed")
    ApprovalView reject(
            @PathVariable String id, @PathVariable String stageId, @RequestBody(required = false) DecisionBody body) {
        return decide(id, stageId, DecisionKind.REJECT, body);
    }

    @PostMapping("/projects/{project}/approvals/{id}/stages/{stageId}/approve")
    @Operation(summary = "Approves the open stage of a project's approval")
    ApprovalView approveInProject(
            @PathVariable String project,
            @PathVariable String id,
            @PathVariable String stageId,
            @RequestBody(required = false) DecisionBody body) {
        requireInProject(project, id);
        return decide(id, stageId, DecisionKind.APPROVE, body);
    }

    @PostMapping("/projects/{project}/approvals/{id}/stages/{stageId}/reject")
    @Operation(summary = "Rejects a project's request; a reason is needed")
    ApprovalView rejectInProject(
            @PathVariable String project,
            @PathVariable String id,
            @PathVariable String stageId,
            @RequestBody(required = false) DecisionBody body) {
        requireInProject(project, id);
        return decide(id, stageId, DecisionKind.REJECT, body);
    }

    @PostMapping("/approvals/{id}/stages/{stageId}/take-back")
    @Operation(summary = "Takes back the caller's own approval while later stages are open, with a reason")
    ApprovalView takeBack(
            @PathVariable String id, @PathVariable String stageId, @RequestBody(required = false) TakeBackBody body) {
        return view(
                decisions.takeBack(ApprovalId.parse(id), StageId.parse(stageId), body == null ? null : body.reason()));
    }

    @PostMapping("/approvals/{id}/stages/{stageId}/ask")
    @Operation(summary = "Hands the request back to its submitter with a question, without ending it")
    ApprovalView ask(
            @PathVariable String id, @PathVariable String stageId, @RequestBody(required = false) QuestionBody body) {
        return view(decisions.ask(ApprovalId.parse(id), StageId.parse(stageId), body == null ? null : body.question()));
    }

    @PostMapping("/approvals/{id}/answer")
    @Operation(summary = "Answers the open question as the submitter; the same stage is open again")
    ApprovalView answer(@PathVariable String id, @RequestBody(required = false) AnswerBody body) {
        return view(decisions.answer(ApprovalId.parse(id), body == null ? null : body.answer()));
    }

    @PostMapping("/approvals/{id}/withdraw-question")
    @Operation(summary = "Withdraws the open question as an approver; the same stage is open again")
    ApprovalView withdrawQuestion(@PathVariable String id) {
        return view(decisions.withdrawQuestion(ApprovalId.parse(id)));
    }

    @PostMapping("/approvals/{id}/override")
    @Operation(summary = "Decides a stuck stage as a superadmin, with a reason")
    ApprovalView override(@PathVariable String id, @RequestBody OverrideBody body) {
        DecisionKind kind = DecisionKind.find(body.decision() == null ? "approve" : body.decision())
                .orElseThrow(() -> new InvalidInput("decision", "must be approve or reject"));
        return view(
                decisions.override(ApprovalId.parse(id), kind, body.reason(), Optional.ofNullable(body.contentHash())));
    }

    @PostMapping("/approvals/{id}/cancel")
    @Operation(summary = "Cancels a request that is pending, or approved and not yet carried out")
    ApprovalView cancel(@PathVariable String id) {
        return view(decisions.cancel(ApprovalId.parse(id)));
    }

    @GetMapping("/approvals/{id}/diff")
    @Operation(summary = "Tells field by field what would change")
    Diff diff(@PathVariable String id) {
        Approval approval = visible(id);
        return new Diff(approval.currentContent().isEmpty(), Change.of(approval));
    }

    @GetMapping("/approvals/{id}/preview")
    @Operation(summary = "Tells which objects carrying it out would touch, with the difference from what is live")
    Preview preview(@PathVariable String id) {
        Approval approval = visible(id);
        return new Preview(previews.of(approval));
    }

    @GetMapping("/approvals/{id}/comments")
    @Operation(summary = "Reads the discussion, oldest first")
    Page<Discussion.Comment> comments(
            @PathVariable String id,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return discussion.comments(CurrentUser.get(), ApprovalId.parse(id), PageRequest.of(limit, cursor));
    }

    @PostMapping("/approvals/{id}/comments")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Adds to the discussion")
    Discussion.Comment comment(
            @PathVariable String id,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody CommentBody body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /approvals/" + id + "/comments",
                Optional.ofNullable(key),
                body,
                Discussion.Comment.class,
                () -> discussion.add(caller, ApprovalId.parse(id), body.text()));
    }

    @GetMapping("/approvals/{id}/eligibility")
    @Operation(summary = "Tells who may decide each stage, and why a given person may or may not")
    Eligibility eligibility(@PathVariable String id, @RequestParam(required = false) String user) {
        Approval approval = visible(id);
        return new Eligibility(
                approval.stuckReason().orElse(null),
                approval.stages().stream()
                        .map(stage -> eligibility(approval, stage, user))
                        .toList());
    }

    private StageEligibility eligibility(Approval approval, Stage stage, String user) {
        List<UserId> eligible = rights.eligible(approval, stage);
        List<UserId> asked = rights.deciders(approval, stage).asked();
        if (user == null) {
            return new StageEligibility(stage.order(), eligible, asked, null, null, null, null, null);
        }
        UserId person = new UserId(user);
        Verdict verdict = rights.verdict(approval, stage, person);
        return new StageEligibility(
                stage.order(),
                eligible,
                asked,
                person,
                verdict.allowed(),
                verdict.onBehalfOf().orElse(null),
                verdict.refusal().map(Refusal::code).map(ErrorCode::wireName).orElse(null),
                verdict.explanation());
    }

    private Page<ApprovalView> list(
            Optional<Scope> scope,
            String status,
            String entityType,
            String entityId,
            String submitter,
            boolean decidable,
            Integer limit,
            String cursor) {
        Approvals.Query query = new Approvals.Query(
                scope,
                Optional.ofNullable(status)
                        .map(name -> ApprovalStatus.find(name)
                                .orElseThrow(() -> new InvalidInput(
                                        "status", "must be pending, approved, rejected or cancelled"))),
                Optional.ofNullable(entityType)
                        .map(name -> kinds.findType(name)
                                .orElseThrow(() -> new InvalidInput("entityType", "must be " + kinds.names()))),
                Optional.ofNullable(entityId),
                Optional.ofNullable(submitter).map(names::find),
                decidable);
        Page<Approval> page = approvals.list(CurrentUser.get(), query, PageRequest.of(limit, cursor));
        Map<ApprovalId, FailedTry> failed = tries.of(page.items());
        return page.map(approval -> ApprovalView.of(approval, Optional.ofNullable(failed.get(approval.id()))));
    }

    private ApprovalView decide(String id, String stageId, DecisionKind kind, DecisionBody body) {
        return view(decisions.decide(
                ApprovalId.parse(id),
                StageId.parse(stageId),
                kind,
                body == null ? null : body.comment(),
                Optional.ofNullable(body).map(DecisionBody::contentHash)));
    }

    private ApprovalView view(Approval approval) {
        return ApprovalView.of(
                approval,
                risks.of(approval),
                approval.openStage()
                        .map(stage -> rights.deciders(approval, stage))
                        .orElse(new DecisionRights.Deciders(List.of(), List.of())),
                tries.of(approval));
    }

    private Approval visible(String id) {
        return approvals.getVisible(CurrentUser.get(), ApprovalId.parse(id));
    }

    private void requireInProject(String project, String id) {
        if (!visible(id).scope().equals(Scope.project(project))) {
            throw new NotFound("approval", id);
        }
    }

    private void requireMember(String project) {
        boolean visible =
                memberships.find(CurrentUser.get(), Scope.project(project)).isPresent()
                        || memberships.find(CurrentUser.get(), Scope.PLATFORM).isPresent();
        if (!visible) {
            throw new NotFound("project", project);
        }
    }
}
