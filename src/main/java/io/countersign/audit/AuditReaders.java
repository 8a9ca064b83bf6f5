package io.countersign.audit;

import java.util.Set;

/** Knows who may read which part of the trail. Implemented by the module that knows people. */
public interface AuditReaders {

    /**
     * @param user a signed-in person
     * @return whether they may read the whole trail
     */
    boolean readsEverything(String user);

    /**
     * @param user a signed-in person
     * @return the scopes whose trail they may read, such as {@code organization:acme}
     */
    Set<String> scopesReadBy(String user);
}
