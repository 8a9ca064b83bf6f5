package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Scope;
import io.countersign.target.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries approved changes out, step by step, as {@code carry-out.bpmn} says. Each step trusts only the rows and the
 * recorded approvals, so a moved token or a tampered variable leads to a refusal. Each step is repeatable.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class CarryingOut {

    private static final Logger log = LoggerFactory.getLogger(CarryingOut.class);
    private static final int MAX_REASON_LENGTH = 2000;

    private final Map<EntityType, Carrier<?>> carriers;
    private final Freezes freezes;
    private final Approvals approvals;
    private final Target target;
    private final ChangeNews news;
    private final Clock clock;
    private final TransactionTemplate apart;

    CarryingOut(
            List<Carrier<?>> carriers,
            Freezes freezes,
            Approvals approvals,
            Target target,
            ChangeNews news,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.carriers = carriers.stream().collect(Collectors.toMap(Carrier::kind, Function.identity()));
        this.freezes = freezes;
        this.approvals = approvals;
        this.target = target;
        this.news = news;
        this.clock = clock;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * Applies a change to the target after a final check of every approval that allows it. Touches nothing while a
     * freeze window is open in its scope, and blocks new windows there until the transaction ends. The write is
     * recorded before it begins, and only once the target would accept all of it; until then the request can be
     * cancelled and can lapse.
     *
     * @return what keeps it from being carried out, if anything: an open window, or a lapsed approval, which is then
     *     recorded
     * @throws IllegalStateException if the subject is not waiting for this process
     * @throws RuntimeException with a user-facing reason if any record differs from what was approved, or the target
     *     refuses the change or cannot be reached
     */
    public Optional<Held> apply(CarriedChange change) {
        return apply(change, carrier(change.kind()));
    }

    private <S> Optional<Held> apply(CarriedChange change, Carrier<S> carrier) {
        Optional<Freeze> freeze = freezes.hold(scope(change));
        if (freeze.isPresent()) {
            S subject = carrier.lock(change.subject(), change.process());
            carrier.note(subject, freeze.map(Freeze::waiting), false);
            return freeze.map(Held::frozen);
        }
        if (!commitTo(change, carrier)) {
            return Optional.of(lapse(change, carrier));
        }
        carrier.bring(carrier.lock(change.subject(), change.process()));
        return Optional.empty();
    }

    /**
     * Records what is about to be written, in a separate transaction that commits before the first write: a write that
     * fails half-way rolls back the caller's transaction and must not roll back this. The caller locks no row until
     * then. A target that refuses any of it at the first check fails the attempt and leaves every request unchanged.
     *
     * @return false if the approval lapsed; nothing is recorded then
     */
    private <S> boolean commitTo(CarriedChange change, Carrier<S> carrier) {
        return Boolean.TRUE.equals(apart.execute(status -> {
            S subject = carrier.lock(change.subject(), change.process());
            if (approvals.get(carrier.approval(subject)).lapsed(clock.instant())) {
                return false;
            }
            S begun = carrier.commit(subject);
            carrier.claims(begun).forEach(claim -> claim.require(target));
            return true;
        }));
    }

    /** Calls off a change whose approval lapsed before anything was written. */
    private <S> Held lapse(CarriedChange change, Carrier<S> carrier) {
        S subject = carrier.lock(change.subject(), change.process());
        String reason =
                "Not " + carrier.words().done() + ": its approval was given too long ago and must be given again.";
        // First, so that listeners to the lapse find the change called off.
        carrier.reopen(subject, reason);
        approvals.lapse(carrier.approval(subject));
        return Held.lapsed(reason);
    }

    /**
     * Checks the target once and records its state. Objects removed there in the meantime are written again, under the
     * same conditions as before.
     *
     * @throws IllegalStateException if the subject is not waiting for this process, or nothing is written yet
     * @throws ChangeFailed if the target gave up
     * @throws RuntimeException with a user-facing reason if something must be written again and any record differs from
     *     what was approved
     */
    public void check(CarriedChange change) {
        check(change, carrier(change.kind()));
    }

    private <S> void check(CarriedChange change, Carrier<S> carrier) {
        S subject = lockBegun(change, carrier);
        Outlook outlook = carrier.look(subject);
        if (outlook instanceof Outlook.Failed failed) {
            throw new ChangeFailed(failed.reason());
        }
        if (outlook instanceof Outlook.Waiting waiting) {
            carrier.note(subject, Optional.of(waiting.reason()), false);
        } else if (outlook instanceof Outlook.Gone gone) {
            carrier.note(subject, Optional.of(bringAgain(change, carrier, subject, gone)), false);
        } else {
            carrier.note(subject, Optional.empty(), true);
        }
    }

    /** Restores what was approved after someone removed it from the target. */
    private <S> String bringAgain(CarriedChange change, Carrier<S> carrier, S subject, Outlook.Gone gone) {
        return freezes.hold(scope(change)).map(Freeze::waiting).orElseGet(() -> {
            carrier.bring(subject);
            return gone.reason();
        });
    }

    /** @return whether the last {@link #check} found the change done */
    @Transactional(readOnly = true)
    public boolean isFinished(CarriedChange change) {
        return isFinished(change.subject(), carrier(change.kind()));
    }

    private static <S> boolean isFinished(UUID subject, Carrier<S> carrier) {
        return carrier.find(subject).filter(carrier::isDone).isPresent();
    }

    /** @return how long to wait before the next {@link #check} */
    @Transactional(propagation = Propagation.SUPPORTS)
    public Duration checkInterval(CarriedChange change) {
        return carrier(change.kind()).checkInterval();
    }

    /**
     * @return when a change that waits for a freeze window should check again: at its end, or now if none is in force
     */
    @Transactional(readOnly = true)
    public Instant freezeEnds(CarriedChange change) {
        return freezes.endIn(scope(change));
    }

    /**
     * Records that a change is carried out and notifies people.
     *
     * @throws IllegalStateException unless {@link #check} found it done
     */
    public void finish(CarriedChange change) {
        finish(change, carrier(change.kind()));
    }

    private <S> void finish(CarriedChange change, Carrier<S> carrier) {
        S subject = lockBegun(change, carrier);
        if (!carrier.isDone(subject)) {
            throw new IllegalStateException("Not finished: the target has not reported the "
                    + carrier.words().change() + " as done.");
        }
        news.send(carrier.finish(subject));
    }

    /**
     * Records that a change failed for the last time, and notifies people. Which change that is, the record says, never
     * a process variable. A process for which no change waits is only logged.
     *
     * @param process the root process that carried the change out
     * @param reason the user-facing reason; null if unknown
     */
    public void fail(String process, String reason) {
        carriers.values().stream()
                .flatMap(carrier -> carrier.fail(process, bounded(reason)).stream())
                .findFirst()
                .ifPresentOrElse(
                        news::send,
                        () -> log.warn("event=unrelated_job_gave_up process={} reason={}", process, reason));
    }

    /** @return the change that carries out an approved request; empty if none does at the moment */
    @Transactional(readOnly = true)
    public Optional<UUID> subjectOf(Approval approval) {
        return carriers.values().stream()
                .flatMap(carrier -> carrier.subjectOf(approval).stream())
                .findFirst();
    }

    /** @return the scope whose freeze windows apply to a change; empty if nothing has that id */
    @Transactional(readOnly = true)
    public Optional<Scope> scopeOf(CarriedChange change) {
        return Optional.ofNullable(carriers.get(change.kind())).flatMap(carrier -> scope(change.subject(), carrier));
    }

    private static <S> Optional<Scope> scope(UUID subject, Carrier<S> carrier) {
        return carrier.find(subject).map(carrier::scope);
    }

    private <S> S lockBegun(CarriedChange change, Carrier<S> carrier) {
        S subject = carrier.lock(change.subject(), change.process());
        carrier.requireBegun(subject);
        return subject;
    }

    private Scope scope(CarriedChange change) {
        return scopeOf(change)
                .orElseThrow(() ->
                        new IllegalStateException("There is no " + change.kind().wireName() + " " + change.subject()));
    }

    private Carrier<?> carrier(EntityType kind) {
        return Optional.ofNullable(carriers.get(kind))
                .orElseThrow(() -> new IllegalStateException("Nothing carries out changes of a " + kind.wireName()));
    }

    private static String bounded(String reason) {
        String text = reason == null || reason.isBlank() ? "The cause is unknown; the log says more." : reason;
        return text.length() <= MAX_REASON_LENGTH ? text : text.substring(0, MAX_REASON_LENGTH - 1) + "…";
    }
}
