package io.countersign.notification.notice;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.discussion.Discussion;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegation;
import io.countersign.identity.delegation.DelegationChanged;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.notification.Message;
import io.countersign.notification.Message.Fact;
import io.countersign.notification.Message.Link;
import io.countersign.notification.content.RequestSummaries;
import io.countersign.notification.link.Links;
import io.countersign.notification.outbox.Outbox;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Notifies approvers, submitters and superadmins about approvals. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalNotices {

    private final Approvals approvals;
    private final Discussion discussion;
    private final RequestKinds kinds;
    private final RequestSummaries summaries;
    private final Memberships memberships;
    private final Audiences audiences;
    private final Outbox outbox;
    private final Links links;
    private final Clock clock;

    ApprovalNotices(
            Approvals approvals,
            Discussion discussion,
            RequestKinds kinds,
            RequestSummaries summaries,
            Memberships memberships,
            Audiences audiences,
            Outbox outbox,
            Links links,
            Clock clock) {
        this.approvals = approvals;
        this.discussion = discussion;
        this.kinds = kinds;
        this.summaries = summaries;
        this.memberships = memberships;
        this.audiences = audiences;
        this.outbox = outbox;
        this.links = links;
        this.clock = clock;
    }

    /** Asks those who may decide an approval's open stage for a decision, as far as its policy wants them asked. */
    public void askApprovers(ApprovalId id) {
        // Who is asked and whether the stage can be decided follow from the same members.
        memberships.hold(approvals.get(id).scope());
        askApprovers(id, "Approval needed");
    }

    private void askApprovers(ApprovalId id, String why) {
        Approval approval = approvals.get(id);
        Optional<Stage> open = approval.openStage();
        if (open.isPresent()) {
            outbox.queueDecision(
                    approval,
                    open.get().order(),
                    audiences.of(approval, open.get()),
                    why + ": " + summaries.title(approval) + " in "
                            + approval.scope().id());
        }
    }

    /** Tells a request's submitter that an approver has a question first. */
    @EventListener
    public void tellSubmitter(ApprovalEvent.QuestionAsked asked) {
        Approval approval = approvals.get(asked.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        tell(
                approval,
                "question:" + asked.question().id(),
                approval.submitter().person(),
                new Message(
                        "Question about your request: " + title,
                        summaries.person(asked.question().askedBy()) + " has a question about your request to " + title
                                + ".",
                        List.of(
                                new Fact("Question", asked.question().text()),
                                new Fact(
                                        "What now",
                                        "Answer it on the request's page. Nothing can be decided until then.")),
                        open(approval)));
    }

    /** Asks the approvers again after a question is answered or withdrawn. */
    @EventListener
    public void askAgain(ApprovalEvent.QuestionClosed closed) {
        boolean answered = approvals.get(closed.approval()).questions().stream()
                .anyMatch(question -> question.id().equals(closed.question())
                        && question.answer().isPresent());
        askApprovers(closed.approval(), answered ? "Answered, approval needed" : "Approval needed");
    }

    /** Tells a request's submitter that an approval was taken back. */
    @EventListener
    public void tellSubmitter(ApprovalEvent.TakenBack takenBack) {
        Approval approval = approvals.get(takenBack.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        tell(
                approval,
                "taken-back:" + approval.round(),
                approval.submitter().person(),
                new Message(
                        "Approval taken back: " + title,
                        summaries.person(takenBack.by()) + " took back the approval of stage " + takenBack.stageOrder()
                                + " of your request to " + title + ".",
                        List.of(
                                new Fact("Reason", takenBack.reason()),
                                new Fact(
                                        "What now",
                                        "The stage is open again, and its approvers have been asked again.")),
                        open(approval)));
    }

    /** Keeps an absent person informed of the decisions their stand-in makes for them. */
    @EventListener
    public void tellAbsent(ApprovalEvent.StageDecided decided) {
        if (decided.decision().onBehalfOf().isEmpty()) {
            return;
        }
        Approval approval = decided.request();
        Decision decision = decided.decision();
        UserId absent = decision.onBehalfOf().get();
        int stage = approval.openStage().orElseThrow().order();
        String title = summaries.title(approval) + " in " + approval.scope().id();
        String verb = decision.kind() == DecisionKind.APPROVE ? "approved" : "rejected";
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Requested by", summaries.principal(approval.submitter())));
        facts.add(new Fact("Stage " + stage, summaries.sentence(decision)));
        if (decided.outcome() == ApprovalStatus.PENDING) {
            facts.add(new Fact("If you disagree", "You can take it back until a later stage is decided."));
        }
        tell(
                approval,
                "in-place:" + stage + ":" + approval.round() + ":" + absent,
                Optional.of(absent),
                new Message(
                        Character.toUpperCase(verb.charAt(0)) + verb.substring(1) + " on your behalf: " + title,
                        summaries.person(decision.decidedBy()) + " " + verb + " the request to " + title
                                + " on your behalf.",
                        facts,
                        open(approval)));
    }

    /** Asks a person to stand in for another one, and tells both about later changes. */
    @EventListener
    public void tellOfDelegation(DelegationChanged change) {
        Delegation delegation = change.delegation();
        Optional<Scope> scope = change.scopes().stream().min(Comparator.comparing(Scope::toString));
        if (scope.isEmpty()) {
            return;
        }
        String standIn = summaries.person(delegation.standIn());
        String absent = summaries.person(delegation.absent());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("From", summaries.time(delegation.startsAt())));
        facts.add(new Fact("Until", summaries.time(delegation.endsAt())));
        facts.add(new Fact("Where", delegation.scope().map(Scope::id).orElse("wherever both are members")));
        if (delegation.reason() != null) {
            facts.add(new Fact("Reason", delegation.reason()));
        }
        List<UserId> both = List.of(delegation.absent(), delegation.standIn());
        switch (change.what()) {
            case PROPOSED ->
                tell(
                        delegation,
                        scope.get(),
                        "asked",
                        List.of(delegation.standIn()),
                        "Stand-in asked: " + standIn + " for " + absent,
                        absent + " asks you to decide approvals on their behalf. Nothing changes until you accept.",
                        facts);
            case WITHDRAWN ->
                tell(
                        delegation,
                        scope.get(),
                        "withdrawn",
                        List.of(delegation.standIn()),
                        "Stand-in not needed: " + standIn + " for " + absent,
                        absent + " no longer asks you to decide approvals on their behalf.",
                        facts);
            case DECLINED ->
                tell(
                        delegation,
                        scope.get(),
                        "declined",
                        List.of(delegation.absent()),
                        "Stand-in declined: " + standIn + " for " + absent,
                        standIn + " declined to stand in for you. You can ask another person.",
                        facts);
            // A delegation that begins later triggers both; the first notice is enough.
            case PLANNED, BEGUN ->
                tell(
                        delegation,
                        scope.get(),
                        "accepted",
                        both,
                        "Stand-in: " + standIn + " for " + absent,
                        standIn + " decides approvals on behalf of " + absent + ", except those that " + absent
                                + " submitted.",
                        facts);
            case ENDED ->
                tell(
                        delegation,
                        scope.get(),
                        "over",
                        both,
                        "Stand-in ended: " + standIn + " for " + absent,
                        "This delegation has ended: nobody decides on behalf of " + absent + " under it any more.",
                        facts);
        }
    }

    private void tell(
            Delegation delegation,
            Scope scope,
            String key,
            List<UserId> people,
            String subject,
            String sentence,
            List<Fact> facts) {
        outbox.queueMessage(
                "delegation:" + delegation.id() + ":" + key,
                topic(scope),
                scope,
                people,
                new Message(subject, sentence, facts, Optional.of(new Link("Open delegations", links.delegations()))));
    }

    /** @return the topic of a scope's requests */
    private Topic topic(Scope scope) {
        return kinds.in(scope.type()).stream()
                .map(RequestKind::topic)
                .findFirst()
                .orElse(Topic.SYSTEM_EVENTS);
    }

    /** Reminds those who may decide a stage that has waited long, or the submitter who must answer. */
    @EventListener
    public void remind(ApprovalEvent.Reminded reminded) {
        Approval approval = approvals.get(reminded.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        Optional<Question> question = approval.openQuestion();
        if (question.isPresent()) {
            tell(
                    approval,
                    "reminder:" + reminded.at(),
                    approval.submitter().person(),
                    new Message(
                            "Reminder, answer needed: " + title,
                            "Your request to " + title + " is waiting for your answer.",
                            List.of(new Fact("Question", question.get().text())),
                            open(approval)));
        } else {
            askAgain(approval, "Reminder, approval needed", "reminder:" + reminded.at());
        }
    }

    /** Asks the policy's escalation group when a stage has waited too long, and those who were asked before. */
    @EventListener
    public void escalate(ApprovalEvent.StageEscalated escalated) {
        askAgain(approvals.get(escalated.approval()), "Escalated, approval needed", "escalated:" + escalated.at());
    }

    /** Tells a request's submitter that its approval was not used in time. */
    @EventListener
    public void tellSubmitter(ApprovalEvent.Lapsed lapsed) {
        Approval approval = approvals.get(lapsed.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        tell(
                approval,
                "lapsed:" + approval.round(),
                approval.submitter().person(),
                new Message(
                        "Approval expired: " + title,
                        "The approval of your request to " + title + " has expired and must be given again.",
                        List.of(
                                new Fact("Why", lapsed.reason()),
                                new Fact(
                                        "What now",
                                        "Its approvers have been asked again. Once it is approved, carry it out in time.")),
                        open(approval)));
    }

    private void askAgain(Approval approval, String why, String key) {
        Stage stage = approval.openStage().orElseThrow();
        outbox.queueDecision(
                approval,
                stage.order(),
                audiences.of(approval, stage),
                why + ": " + summaries.title(approval) + " in "
                        + approval.scope().id(),
                Optional.of(key));
    }

    private void tell(Approval approval, String key, Optional<UserId> person, Message message) {
        outbox.queueMessage(
                "approval:" + approval.id() + ":" + key,
                kinds.of(approval).topic(),
                approval.scope(),
                person.stream().toList(),
                message,
                Optional.of(approval.id()));
    }

    private Optional<Link> open(Approval approval) {
        return Optional.of(new Link("Open the request", links.approval(approval.id())));
    }

    /** Tells a request's submitter its outcome. Sends nothing while it is pending, or if it needed no approval. */
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
                kinds.of(approval).topic(),
                approval.scope(),
                approval.submitter().person().stream().toList(),
                message,
                Optional.of(id));
    }

    /**
     * Notifies the people a comment concerns: the submitter and everyone who decided or commented before, and if the
     * submitter wrote it, also those who are asked for a decision now.
     */
    @EventListener
    public void tellOfComment(ApprovalEvent.CommentAdded comment) {
        Approval approval = approvals.get(comment.approval());
        Set<UserId> concerned = new LinkedHashSet<>();
        approval.submitter().person().ifPresent(concerned::add);
        approval.stages().stream()
                .flatMap(stage -> stage.decisions().stream())
                .map(Decision::decidedBy)
                .forEach(concerned::add);
        concerned.addAll(discussion.authors(approval.id()));
        if (approval.submitter().is(comment.author())) {
            approval.openStage().map(stage -> audiences.of(approval, stage)).ifPresent(concerned::addAll);
        }
        concerned.remove(comment.author());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        Message message = new Message(
                "Comment: " + title,
                summaries.person(comment.author()) + " commented on the request to " + title + ".",
                List.of(
                        new Fact("Comment", comment.text()),
                        new Fact("Requested by", summaries.principal(approval.submitter())),
                        new Fact("Status", approval.status().wireName())),
                Optional.of(new Link("Open the discussion", links.approval(approval.id()) + "#discussion")));
        outbox.queueMessage(
                "approval:" + approval.id() + ":comment:" + comment.number(),
                kinds.of(approval).topic(),
                approval.scope(),
                concerned,
                message,
                Optional.of(approval.id()));
    }

    /** Tells a request's submitter its outcome, if no process does so. */
    @EventListener
    public void tellSubmitter(ApprovalEvent.CancelledWithoutProcess cancelled) {
        tellSubmitter(cancelled.approval());
    }

    /** Asks those who were not asked yet, because they could not be reached or were not members. */
    @EventListener
    public void ask(ApprovalEvent.NoLongerStuck movable) {
        if (approvals.get(movable.approval()).openQuestion().isEmpty()) {
            askApprovers(movable.approval());
        }
    }

    /** Tells superadmins, who can override, that nobody can decide a request, or that its process was ended. */
    @EventListener
    public void tellSuperadmins(ApprovalEvent.Stuck stuck) {
        Approval approval = approvals.get(stuck.approval());
        String title = summaries.title(approval) + " in " + approval.scope().id();
        Message message = new Message(
                "Stuck approval: " + title,
                (approval.processEnded()
                                ? "Nobody can continue the request to "
                                : approval.nobodyTold()
                                        ? "Nobody was notified of the request to "
                                        : "Nobody can decide the request to ")
                        + title + ".",
                List.of(
                        new Fact("Why", stuck.reason()),
                        new Fact("Requested by", summaries.principal(approval.submitter())),
                        new Fact(
                                "What helps",
                                approval.processEnded()
                                        ? "Its submitter, an owner, an admin or a superadmin can cancel it; then it can be submitted again."
                                        : approval.nobodyTold()
                                                ? "A person who may decide it confirms an address, subscribes a channel or decides it in the console; or a superadmin overrides it."
                                                : "A person is given the missing role, or a superadmin overrides it.")),
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
