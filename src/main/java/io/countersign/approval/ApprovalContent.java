package io.countersign.approval;

import java.util.Optional;

/**
 * The content of a request.
 *
 * @param json the content, as canonical JSON
 * @param hash SHA-256 of {@code json}
 * @param current what it would replace, as canonical JSON; empty for something new
 */
public record ApprovalContent(String json, String hash, Optional<String> current) {

    static ApprovalContent of(Submission submission) {
        String json = CanonicalJson.write(submission.content());
        return new ApprovalContent(
                json, CanonicalJson.hash(json), submission.current().map(CanonicalJson::write));
    }
}
