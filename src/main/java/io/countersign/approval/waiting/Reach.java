package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Collection;
import java.util.Set;

/** What is known of telling people, as far as approvals need it. */
public interface Reach {

    /**
     * @param people any number of them
     * @param scope where something happens
     * @param type what it is about
     * @return those who would be told: who have a confirmed channel there that is subscribed to it and switched on,
     *     other than one that no mail confirmed, where nothing ever arrived and the engine gave something up
     */
    Set<UserId> reachable(Collection<UserId> people, Scope scope, EntityType type);

    /** @return whom the question to decide a stage has left for: what waits, was dropped, or fails, does not count */
    Set<UserId> told(Approval approval, Stage stage);
}
