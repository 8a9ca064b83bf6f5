package io.countersign.console.layout;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.UserId;
import java.util.List;
import org.springframework.stereotype.Component;

/** The number of requests that wait for a person's decision. */
@Component
public class Inbox {

    /** Higher counts are shown as "99+". */
    private static final int MAX_SHOWN = 99;

    private final Approvals approvals;

    Inbox(Approvals approvals) {
        this.approvals = approvals;
    }

    /**
     * A person's inbox in short.
     *
     * @param count how many requests wait, at most one more than is shown
     * @param version distinguishes this state of the inbox from any other
     */
    public record Glance(int count, String version) {

        /** An empty inbox. */
        static final Glance EMPTY = new Glance(0, "0");

        /** @return the count as shown */
        public String text() {
            return count > MAX_SHOWN ? MAX_SHOWN + "+" : Integer.toString(count);
        }
    }

    /** @return what waits for a person now */
    public Glance glance(UserId person) {
        List<Approval> waiting = approvals
                .list(person, Approvals.Query.DECIDABLE, PageRequest.of(MAX_SHOWN + 1, null))
                .items();
        int version = waiting.stream()
                .map(approval ->
                        approval.id() + approval.openStage().orElseThrow().id().toString())
                .toList()
                .hashCode();
        return new Glance(waiting.size(), Integer.toHexString(version));
    }
}
