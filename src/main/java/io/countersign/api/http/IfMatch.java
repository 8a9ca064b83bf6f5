package io.countersign.api.http;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.PreconditionFailed;
import io.countersign.api.problem.PreconditionRequired;
import java.util.List;
import org.springframework.http.ETag;

/**
 * The version of a thing that a client has seen, as the header {@code If-Match} names it (RFC 9110, section 13.1.1), so
 * that two who change the same thing do not overwrite each other.
 *
 * @param tags the versions that the client accepts
 */
public record IfMatch(List<ETag> tags) {

    /** Copies the list. */
    public IfMatch {
        tags = List.copyOf(tags);
    }

    /**
     * @param header the header's value; null if the client sent none
     * @return what the client has seen
     * @throws PreconditionRequired if there is no such header
     * @throws InvalidInput if its value is no list of entity tags, or {@code *}, which has not seen anything
     */
    public static IfMatch of(String header) {
        if (header == null || header.isBlank()) {
            throw new PreconditionRequired("Send the ETag of the version that you have read as If-Match.");
        }
        List<ETag> tags = ETag.parse(header);
        if (tags.isEmpty() || tags.stream().anyMatch(ETag::isWildcard)) {
            throw new InvalidInput("If-Match", "must be the ETag of the version that you have read, with its quotes");
        }
        return new IfMatch(tags);
    }

    /** @return what a client has seen that keeps the version itself, such as a form */
    public static IfMatch version(String version) {
        return new IfMatch(List.of(new ETag(version, false)));
    }

    /**
     * @param version the present version, which is never empty
     * @throws PreconditionFailed if the client has seen another one
     */
    public void require(String version) {
        ETag present = new ETag(version, false);
        if (tags.stream().noneMatch(tag -> tag.compare(present, true))) {
            throw new PreconditionFailed("This has changed since you read it. Read it again before changing it.");
        }
    }
}
