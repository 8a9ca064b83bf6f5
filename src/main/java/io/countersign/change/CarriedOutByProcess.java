package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.identity.Scope;
import java.util.Optional;
import java.util.UUID;

/** What one process model carries out, such as the deployment of a route. A module has one bean for each such model. */
public interface CarriedOutByProcess {

    /** @return the id of the model, such as {@code route-deployment} */
    String process();

    /** @return the variable that names what an instance is about, a UUID */
    String variable();

    /**
     * Notes that carrying something out failed for the last time, in the transaction in which the engine does.
     *
     * @param subject what
     * @param rootProcess the process instance that was started for it
     * @param reason why, as a sentence for people
     */
    void gaveUp(UUID subject, String rootProcess, String reason);

    /**
     * @return what carries out an approved request, if that is this model's and was not superseded by another request
     */
    Optional<UUID> subjectOf(Approval approval);

    /** @return where freeze windows hold for it; empty if there is nothing of that id */
    Optional<Scope> scopeOf(UUID subject);
}
