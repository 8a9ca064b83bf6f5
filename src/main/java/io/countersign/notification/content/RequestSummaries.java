package io.countersign.notification.content;

import io.countersign.approval.Approval;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.Stage;
import io.countersign.approval.risk.Risks;
import io.countersign.approval.wording.Change;
import io.countersign.approval.wording.Wording;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.notification.Message.Fact;
import io.countersign.transaction.TransactionMemory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Describes requests and decisions in words. */
@Component
public class RequestSummaries {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final People people;
    private final Risks risks;
    private final TransactionMemory<UserId, String> names = new TransactionMemory<>();

    RequestSummaries(People people, Risks risks) {
        this.people = people;
        this.risks = risks;
    }

    /** @return the full summary of a request */
    public RequestSummary of(Approval approval) {
        String submitter = principal(approval.submitter());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Requested by", submitter));
        approval.submitterTeam().ifPresent(team -> facts.add(new Fact("Team", team.value())));
        facts.add(new Fact(scopeLabel(approval.scope()), approval.scope().id()));
        facts.add(new Fact("Submitted", time(approval.submittedAt())));
        risks.of(approval)
                .forEach(risk -> facts.add(new Fact("Before you decide", risk.text() + " " + time(risk.at()))));
        approval.openStage()
                .ifPresent(stage -> facts.add(new Fact(
                        "Stage",
                        stage.order() + " of " + approval.stages().size() + ", needs "
                                + stage.requiredPermission().wireName())));
        facts.addAll(decisions(approval));
        approval.questions()
                .forEach(question -> facts.add(new Fact(
                        "Question of " + person(question.askedBy()),
                        question.text()
                                + question.answer()
                                        .map(answer -> "\nAnswer: " + answer)
                                        .orElse(question.open() ? "\nNot answered yet." : "\nWithdrawn."))));
        return new RequestSummary(
                title(approval),
                submitter + " asks to " + title(approval) + " in "
                        + approval.scope().id() + ".",
                facts,
                Change.allFields(approval).stream()
                        .map(field -> new Fact(Wording.label(field.field()), Wording.text(field.proposed())))
                        .toList(),
                approval.currentContent().isEmpty()
                        ? List.of()
                        : Change.of(approval).stream()
                                .map(change -> new RequestSummary.Difference(
                                        Wording.label(change.field()),
                                        Wording.text(change.current()),
                                        Wording.text(change.proposed())))
                                .toList());
    }

    /** @return the request, such as {@code create cluster prod-eu} */
    public String title(Approval approval) {
        return approval.action() + " " + approval.entityType().wireName().replace('_', ' ') + " "
                + approval.entityName();
    }

    /** @return every decision taken so far */
    public List<Fact> decisions(Approval approval) {
        return approval.stages().stream()
                .flatMap(stage -> Stream.concat(
                        stage.former().stream()
                                .map(former -> new Fact("Stage " + stage.order() + ", no longer", sentence(former))),
                        stage.decisions().stream()
                                .map(decision -> new Fact("Stage " + stage.order(), sentence(decision)))))
                .toList();
    }

    /** @return a decision, such as {@code approved by Olivia Owner (acme-owner): looks good} */
    public String sentence(Decision decision) {
        return (decision.kind() == DecisionKind.APPROVE ? "approved" : "rejected") + " by "
                + person(decision.decidedBy())
                + decision.onBehalfOf().map(absent -> " for " + person(absent)).orElse("")
                + (decision.override() ? ", overriding the rules" : "") + " on "
                + time(decision.decidedAt()) + (decision.comment() == null ? "" : ": " + decision.comment());
    }

    /** @return a decision and how it lost its effect */
    private String sentence(FormerDecision former) {
        return sentence(former.decision())
                + switch (former.end()) {
                    case TAKEN_BACK -> " (taken back: " + former.reason() + ")";
                    case EXPIRED -> " (expired: " + former.reason() + ")";
                };
    }

    /**
     * @param stage a closed stage whose links were mailed
     * @return why it takes no further decision, and by whose decision if a person decided
     */
    public String whyClosed(Approval approval, Stage stage) {
        return switch (approval.status()) {
            case CANCELLED ->
                "This request was cancelled"
                        + approval.closedAt().map(at -> " on " + time(at)).orElse("") + ".";
            default ->
                stage.decisions().isEmpty()
                        ? "This request is " + approval.status().wireName() + " already."
                        : "This has already been decided: "
                                + sentence(
                                        stage.decisions().get(stage.decisions().size() - 1)) + ".";
        };
    }

    /**
     * @param stage an open stage whose link was mailed to a person, who used it
     * @return why the link takes no further decision
     */
    public String whyUsed(Stage stage, UserId person) {
        return stage.decisions().stream()
                .filter(decision -> decision.decidedBy().equals(person)
                        || decision.onBehalfOf().filter(person::equals).isPresent())
                .findFirst()
                .map(decision -> "This was " + sentence(decision) + ". The stage is waiting for another person.")
                .orElse("The decision made with this link no longer counts. If the stage is waiting for you"
                        + " again, use the links in the newer mail, or your inbox.");
    }

    /** @return a person's display name and user name */
    public String person(UserId user) {
        return names.get(
                user,
                () -> people.find(user)
                        .map(person -> person.displayName() + " (" + user + ")")
                        .orElseGet(user::value));
    }

    /** @return the submitter of a request, for people */
    public String principal(Principal principal) {
        return principal.inWords(this::person);
    }

    private static String scopeLabel(Scope scope) {
        return switch (scope.type()) {
            case ORGANIZATION -> "Organization";
            case PROJECT -> "Project";
            case PLATFORM -> "Scope";
        };
    }

    /** @return a time in UTC, to the minute */
    public String time(Instant instant) {
        return TIME.format(instant);
    }
}
