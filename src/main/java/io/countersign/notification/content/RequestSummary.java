package io.countersign.notification.content;

import io.countersign.notification.Message.Fact;
import java.util.List;

/**
 * A request as approvers see it, in a mail and on the page behind its links.
 *
 * @param title the request, such as {@code create cluster prod-eu}
 * @param sentence who asks for what
 * @param facts who, where, when, and the decisions so far
 * @param content every field of the request
 * @param changes what would change, if it replaces something
 */
public record RequestSummary(
        String title, String sentence, List<Fact> facts, List<Fact> content, List<Difference> changes) {

    /**
     * A field that would change.
     *
     * @param field its display name, such as {@code Node groups 1 › max nodes}
     * @param before its present value
     * @param after its new value
     */
    public record Difference(String field, String before, String after) {}
}
