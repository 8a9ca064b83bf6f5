package io.countersign.approval;

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
     * @return those who would be told: who have a confirmed channel there that is subscribed to it and switched on
     */
    Set<UserId> reachable(Collection<UserId> people, Scope scope, EntityType type);

    /** @return who was asked to decide a stage, or is being asked: what was dropped, or fails, does not count */
    Set<UserId> asked(Approval approval, Stage stage);

    /** @return those of them whom the question has left for */
    Set<UserId> told(Approval approval, Stage stage);
}
