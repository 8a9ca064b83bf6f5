package io.countersign.console.gateway;

import io.countersign.api.FailedTry;
import io.countersign.change.FailedTries;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.Attachments;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Failed attempts of attachments, which are carried out by their routes' deployments. Templates call it
 * {@code @attachmentTries}.
 */
@Component
public class AttachmentTries {

    private final FailedTries tries;

    AttachmentTries(FailedTries tries) {
        this.tries = tries;
    }

    /** @return the failed attempts, by attachment id */
    public Map<UUID, FailedTry> of(List<Attachments.Named> attachments) {
        Map<UUID, UUID> routes = new HashMap<>();
        attachments.stream()
                .map(Attachments.Named::attachment)
                .forEach(attachment ->
                        attachment.carriedOutWith().ifPresent(route -> routes.put(attachment.id(), route)));
        Map<UUID, FailedTry> ofRoutes = tries.of(routes.values());
        Map<UUID, FailedTry> failed = new HashMap<>();
        routes.forEach((attachment, route) ->
                Optional.ofNullable(ofRoutes.get(route)).ifPresent(tried -> failed.put(attachment, tried)));
        return failed;
    }

    /** @return the last attempt to carry out an attachment; null unless it failed */
    public FailedTry of(Attachment attachment) {
        return attachment.carriedOutWith().flatMap(tries::of).orElse(null);
    }
}
