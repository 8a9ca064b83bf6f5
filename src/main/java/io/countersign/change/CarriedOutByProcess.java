package io.countersign.change;

import io.countersign.identity.Scope;
import java.util.Optional;
import java.util.UUID;

/** What one process model carries out, such as the deployment of a route. A module has one bean for each such model. */
public interface CarriedOutByProcess {

    /** @return the id of the model, such as {@code route-deployment} */
    String process();

    /** @return the variable that names what an instance is about, a UUID */
    String variable();

    /** @return where freeze windows hold for it; empty if there is nothing of that id */
    Optional<Scope> scopeOf(UUID subject);
}
