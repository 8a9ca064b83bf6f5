package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.identity.Scope;
import io.countersign.target.Comparisons.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Carries out the approved changes of one kind of thing, one step at a time. A module has one bean per kind;
 * {@link CarryingOut} orders the steps. Each step trusts only the record and is repeatable.
 *
 * @param <S> the thing that is changed, as recorded
 */
public interface Carrier<S> {

    /**
     * The wording of the change in user-facing sentences.
     *
     * @param change the noun, such as {@code deployment}
     * @param done what has happened to the thing once it is carried out, such as {@code deployed}
     */
    record Words(String change, String done) {}

    /** @return the kind; its name starts the process */
    EntityType kind();

    /** @return the wording of the change */
    Words words();

    /** @return how long to wait between checks of a target that is not done */
    Duration checkInterval();

    /**
     * @return the subject that carries out an approved request, if it is of this kind and was not superseded by another
     *     request
     */
    Optional<UUID> subjectOf(Approval approval);

    /** @return the subject, not locked; empty if there is none with that id */
    Optional<S> find(UUID subject);

    /** @return the scope whose freeze windows apply to the subject */
    Scope scope(S subject);

    /** @return whether the last {@link #note} said that the target is done */
    boolean isDone(S subject);

    /**
     * Locks the approvals of everything being carried out and then the row, the lock order of decisions and
     * cancellations.
     *
     * @param process the root process that carries it out
     * @throws IllegalStateException if the subject is not waiting for that process
     */
    S lock(UUID subject, String process);

    /** @return the approval under which the locked subject is changed */
    ApprovalId approval(S subject);

    /**
     * Verifies everything that allows the change and records that the first write begins. Idempotent.
     *
     * @return the subject as it is written
     * @throws RuntimeException with a user-facing reason unless exactly this is approved
     */
    S commit(S subject);

    /** @return what to ask the target before the first write: whether it would accept what {@link #bring} writes */
    List<Question> claims(S subject);

    /** Records that the change must be approved again before anything is written. */
    void reopen(S subject, String reason);

    /**
     * Verifies everything that allows the change again and brings the target to the approved state.
     *
     * @throws RuntimeException with a user-facing reason if the target refuses it or cannot be reached
     */
    void bring(S subject);

    /** @throws IllegalStateException if the first write has not begun */
    void requireBegun(S subject);

    /** @return the target's progress on the change */
    Outlook look(S subject);

    /**
     * Records the progress of the change. A change that failed before is thereby resumed.
     *
     * @param waiting what it waits for, as a user-facing sentence; empty if it waits for nothing
     * @param done whether the target is done
     */
    void note(S subject, Optional<String> waiting, boolean done);

    /**
     * Records that the change is carried out.
     *
     * @return the outcome to announce
     */
    Outcome finish(S subject);

    /**
     * Records that a change failed for the last time.
     *
     * @param process the root process that carried it out; the record says which change that is
     * @param reason the user-facing reason
     * @return the news to send; empty if no subject waits for that process
     */
    Optional<Outcome> fail(String process, String reason);
}
