package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Collection;
import java.util.Set;

/** Whether people can be notified, as far as approvals need to know. */
public interface Reachability {

    /**
     * @param people any number of them
     * @param scope the scope of the event
     * @param type the kind of thing it is about
     * @return those with a confirmed, enabled channel that is subscribed to it; excludes channels that were not
     *     confirmed by mail, never received anything and had a delivery given up
     */
    Set<UserId> reachable(Collection<UserId> people, Scope scope, EntityType type);

    /**
     * @return the people who were sent the request to decide a stage: pending, dropped and failing deliveries do not
     *     count
     */
    Set<UserId> told(Approval approval, Stage stage);
}
