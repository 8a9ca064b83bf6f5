package io.countersign.approval.requests;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.rules.Candidate;
import io.countersign.approval.rules.Candidates;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.approval.store.ApprovalQueries;
import io.countersign.approval.waiting.Reachability;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What people may do with a request now: applies the rules to their memberships. */
@Component
public class DecisionRights {

    private final ApprovalQueries queries;
    private final Memberships memberships;
    private final Candidates candidates;
    private final Reachability reachability;

    DecisionRights(ApprovalQueries queries, Memberships memberships, Candidates candidates, Reachability reachability) {
        this.queries = queries;
        this.memberships = memberships;
        this.candidates = candidates;
        this.reachability = reachability;
    }

    /** @return the verdict on a person and an approval's open stage; empty if none is open */
    @Transactional(readOnly = true)
    public Optional<Verdict> verdictOnOpenStage(Approval approval, UserId person) {
        return approval.openStage()
                .map(stage -> ApprovalRules.mayDecide(approval, stage, candidates.of(person, approval.scope())));
    }

    /**
     * @param stage a stage of the approval, open or not
     * @return the people who may decide it, including stand-ins, ordered by name; empty once an administrator ended the
     *     process
     */
    @Transactional(readOnly = true)
    public List<UserId> eligible(Approval approval, Stage stage) {
        return ApprovalRules.deciders(approval, stage, candidates.in(approval.scope()));
    }

    /**
     * Who may decide a stage.
     *
     * @param asked the people who were sent the request to decide, ordered by name
     * @param others the people who may decide but were not asked, ordered by name
     */
    public record Deciders(List<UserId> asked, List<UserId> others) {}

    /** @return the people who may decide a stage according to {@link #eligible}, by whether they were asked */
    @Transactional(readOnly = true)
    public Deciders deciders(Approval approval, Stage stage) {
        List<UserId> eligible = eligible(approval, stage);
        Set<UserId> asked = eligible.isEmpty() ? Set.of() : reachability.told(approval, stage);
        return new Deciders(
                eligible.stream().filter(asked::contains).toList(),
                eligible.stream().filter(person -> !asked.contains(person)).toList());
    }

    /**
     * @param people the people to choose from
     * @param count at most this many
     * @return those who decided the newest requests of a kind in a scope, most recent decision first
     */
    @Transactional(readOnly = true)
    public List<UserId> lastDeciders(Scope scope, EntityType type, Collection<UserId> people, int count) {
        return queries.lastDeciders(scope, type, people, count);
    }

    /** @return the verdict on a person and a stage now */
    @Transactional(readOnly = true)
    public Verdict verdict(Approval approval, Stage stage, UserId person) {
        return ApprovalRules.mayDecide(approval, stage, candidates.of(person, approval.scope()));
    }

    /**
     * @param people any number of people, at the query cost of one
     * @return the verdict on each person and a stage now
     */
    @Transactional(readOnly = true)
    public Map<UserId, Verdict> verdicts(Approval approval, Stage stage, Set<UserId> people) {
        Map<UserId, Candidate> members = candidates.in(approval.scope()).stream()
                .collect(Collectors.toMap(Candidate::user, Function.identity()));
        return people.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        person -> ApprovalRules.mayDecide(
                                approval,
                                stage,
                                members.getOrDefault(person, Candidate.alone(person, Optional.empty())))));
    }

    /** @return the verdict on a person who wants to override the approval's present stage */
    @Transactional(readOnly = true)
    public Verdict overrideVerdict(Approval approval, UserId person) {
        return approval.openStage()
                .map(stage -> ApprovalRules.mayOverride(approval, stage, candidates.of(person, Scope.PLATFORM)))
                .orElseGet(() -> Verdict.refused(
                        Refusal.ALREADY_DECIDED,
                        "This request is " + approval.status().wireName() + " already."));
    }

    /** @return the verdict on a person who wants to take back what they approved in a stage */
    public Verdict takeBackVerdict(Approval approval, Stage stage, UserId person) {
        return ApprovalRules.mayTakeBack(approval, stage, person);
    }

    /** @return the verdict on a person who wants to answer the open question */
    public Verdict answerVerdict(Approval approval, UserId person) {
        return ApprovalRules.mayAnswer(approval, person);
    }

    /** @return whether this person may withdraw the open question */
    @Transactional(readOnly = true)
    public boolean mayWithdrawQuestion(Approval approval, UserId person) {
        return ApprovalRules.mayWithdrawQuestion(
                        approval,
                        candidates.of(person, approval.scope()),
                        memberships.find(person, Scope.PLATFORM).isPresent())
                .allowed();
    }

    /** @return whether a person may cancel a request now */
    @Transactional(readOnly = true)
    public boolean mayCancel(UserId actor, Approval approval) {
        return mayAskToCancel(actor, approval) && approval.unfinished();
    }

    /**
     * @return whether a person may cancel a request in a state that allows it. Superadmins may cancel a request whose
     *     process is gone, because they cannot override it.
     */
    boolean mayAskToCancel(UserId actor, Approval approval) {
        return approval.submitter().is(actor)
                || memberships
                        .find(actor, approval.scope())
                        .filter(Membership::administers)
                        .isPresent()
                || approval.processEnded()
                        && memberships.find(actor, Scope.PLATFORM).isPresent();
    }
}
