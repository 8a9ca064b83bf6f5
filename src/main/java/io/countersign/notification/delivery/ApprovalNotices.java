package io.countersign.notification.delivery;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStuck;
import io.countersign.approval.Approvals;
import io.countersign.approval.CommentAdded;
import io.countersign.approval.Decision;
import io.countersign.approval.Stage;
import io.countersign.identity.Membership;
import io.countersign.identity.Memberships;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.Message.Link;
import io.countersign.notification.Topic;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Tells approvers, submitters and superadmins about approvals. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalNotices {

    private final Approvals approvals;
    private final RequestSummaries summaries;
    private final Memberships memberships;
    private final Outbox outbox;
    private final Links links;
    private final Clock clock;

    ApprovalNotices(
            Approvals approvals,
            RequestSummaries summaries,
            Memberships memberships,
            Outbox outbox,
            Links links,
            Clock clock) {
        this.approvals = approvals;
        this.summaries = summaries;
        this.memberships = memberships;
        this.outbox = outbox;
        this.links = links;
        this.clock = clock;
    }

    /**
     * Asks everyone who may decide an approval's open stage for a decision (cluster-approval page, "The approval
     * email").
     */
    public void askApprovers(ApprovalId id) {
        Approval approval = approvals.get(id);
        Optional<Stage> open = approval.openStage();
        if (open.isPresent()) {
            List<UserId> approvers = approvals.eligible(approval, open.get());
            outbox.queueDecision(
                    approval,
                    open.get().order(),
                    approvers,
                    "Approval needed: " + summaries.title(approval) + " in "
                            + approval.scope().id());
        }
    }

    /** Tells a request's submitter how it ended. Says nothing while it is pending, or if it needed no approval. */
    public void tellSubmitter(ApprovalId id) {
        Approval approval = approvals.get(id);
        String outcome = switch (approval.status()) {
            case PENDING -> null;
            case APPROVED -> "approved";
            case REJECTED -> "rejected";
            case CANCELLED -> "cancelled";
        };
        if (outcome == null || approval.stages().isEmpty()) {
            return;
        }
        String title = summaries.title(approval);
        List<Fact> facts = new ArrayList<>();
        approval.rejection()
                .map(Decision::decidedBy)
                .ifPresent(person -> facts.add(new Fact("Rejected by", summaries.person(person))));
        approval.rejection().map(Decision::comment).ifPresent(reason -> facts.add(new Fact("Reason", reason)));
        facts.addAll(summaries.decisions(approval));
        Message message = new Message(
                Character.toUpperCase(outcome.charAt(0)) + outcome.substring(1) + ": " + title + " in "
                        + approval.scope().id(),
                "Your request to " + title + " in " + approval.scope().id() + " was " + outcome + ".",
                facts,
                Optional.of(new Link("Open the request", links.approval(id))));
        outbox.queueMessage(
                "approval:" + id + ":" + outcome,
                Topic.of(approval.entityType()),
                approval.scope(),
                List.of(approval.submitter()),
                message,
                Optional.of(id));
    }

    /**
     * Tells those whom a comment concerns: the submitter and everyone who decided or commented before, and if the
     * submitter wrote it, also those who are asked for a decision now.
     */
    @EventListener
    public void tellOfComment(CommentAdded comment) {
        Approval approval = approvals.get(comment.approval());
        Set<UserId> concerned = new LinkedHashSet<>();
        concerned.add(approval.submitter());
        approval.stages().stream()
                .flatMap(stage -> stage.decisions().stream())
                .map(Decision::decidedBy)
                .forEach(concerned::add);
        approvals.comments(comment.author(), approval.id()).stream()
                .map(Approvals.Comment::author)
                .forEach(concerned::add);
        if (comment.author().equals(approval.submitter())) {
            approval.openStage()
                    .map(stage -> approvals.eligible(approval, stage))
                    .ifPresent(concerned::addAll);
        }
        concerned.remove(comment.author());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        Message message = new Message(
                "Comment: " + title,
                summaries.person(comment.author()) + " commented on the request to " + title + ".",
                List.of(
                        new Fact("Comment", comment.text()),
                        new Fact("Requested by", summaries.person(approval.submitter())),
                        new Fact("Status", approval.status().wireName())),
                Optional.of(new Link("Open the discussion", links.approval(approval.id()) + "#discussion")));
        outbox.queueMessage(
                "approval:" + approval.id() + ":comment:" + comment.number(),
                Topic.of(approval.entityType()),
                approval.scope(),
                concerned,
                message,
                Optional.of(approval.id()));
    }

    /** Tells superadmins that nobody can decide a request, as they can by override. */
    @EventListener
    public void tellSuperadmins(ApprovalStuck stuck) {
        Approval approval = approvals.get(stuck.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        Message message = new Message(
                "Stuck approval: " + title,
                "Nobody can decide the request to " + title + ".",
                List.of(
                        new Fact("Why", stuck.reason()),
                        new Fact("Requested by", summaries.person(approval.submitter())),
                        new Fact(
                                "What helps",
                                "Somebody gets the role that is missing, or a superadmin decides by override.")),
                Optional.of(new Link("Open the request", links.approval(approval.id()))));
        outbox.queueMessage(
                "approval:" + approval.id() + ":stuck:" + clock.instant(),
                Topic.SYSTEM_EVENTS,
                Scope.PLATFORM,
                memberships.in(Scope.PLATFORM).stream().map(Membership::user).toList(),
                message,
                Optional.of(approval.id()));
    }
}
