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
 * Carries the approved changes of one kind of thing out, one step at a time. A module has one bean for each such kind;
 * {@link CarryingOut} says which step follows which. Each step trusts the record only, and may be repeated.
 *
 * @param <S> the thing that is changed, as recorded
 */
public interface Carrier<S> {

    /**
     * How the change is called in sentences for people.
     *
     * @param change the noun, such as {@code deployment}
     * @param done what has happened to the thing once it is carried out, such as {@code deployed}
     */
    record Words(String change, String done) {}

    /** @return the kind; its name starts the process */
    EntityType kind();

    /** @return how the change is called */
    Words words();

    /** @return how long to wait between two looks at a target that is not done */
    Duration checkInterval();

    /** @return what carries out an approved request, if it is of this kind and was not superseded by another request */
    Optional<UUID> subjectOf(Approval approval);

    /** @return the subject, not locked; empty if there is none of that id */
    Optional<S> find(UUID subject);

    /** @return where freeze windows hold for the subject */
    Scope scope(S subject);

    /** @return whether {@link #note} was told last that the target is done */
    boolean isDone(S subject);

    /**
     * Locks the approvals of whatever is carried out and then the row, like everybody who decides about the request or
     * cancels it.
     *
     * @param process the root process that carries it out
     * @throws IllegalStateException if the subject does not wait for that
     */
    S lock(UUID subject, String process);

    /** @return the approval under which the locked subject is changed */
    ApprovalId approval(S subject);

    /**
     * Verifies everything that allows the change, and notes that the first write begins. Harmless when repeated.
     *
     * @return the subject as it is written
     * @throws RuntimeException with the reason, for a person, unless exactly this is approved
     */
    S commit(S subject);

    /** @return what to ask the target before the first write: whether it would take what {@link #bring} writes */
    List<Question> claims(S subject);

    /** Notes that the change must be approved again before anything is written. */
    void reopen(S subject, String reason);

    /**
     * Verifies everything that allows the change once more, and makes the target as approved.
     *
     * @throws RuntimeException with the reason, for a person, if the target refuses it or cannot be reached
     */
    void bring(S subject);

    /** @throws IllegalStateException if the first write has not begun */
    void requireBegun(S subject);

    /** @return how far the target is with the change */
    Outlook look(S subject);

    /**
     * Notes what the change has come to. A change that failed before goes on with that.
     *
     * @param waiting what it waits for, as a sentence for people; empty if it waits for nothing
     * @param done whether the target is done
     */
    void note(S subject, Optional<String> waiting, boolean done);

    /**
     * Notes that the change is carried out.
     *
     * @return what to tell people
     */
    Outcome finish(S subject);

    /**
     * Notes that the change failed for the last time.
     *
     * @param process the root process that carried it out
     * @param reason why, as a sentence for people
     * @return what to tell people; empty if the subject does not wait for that process
     */
    Optional<Outcome> fail(UUID subject, String process, String reason);
}
