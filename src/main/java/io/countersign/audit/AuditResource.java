package io.countersign.audit;

import io.countersign.api.Page;
import io.countersign.api.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "Audit")
class AuditResource {

    private final AuditTrail trail;

    AuditResource(AuditTrail trail) {
        this.trail = trail;
    }

    @GetMapping
    @Operation(summary = "Reads the trail of the scopes that the caller may audit, newest first")
    Page<AuditEntry> list(
            Principal caller,
            @RequestParam(name = "entity_type", required = false) String entityType,
            @RequestParam(name = "entity_id", required = false) String entityId,
            @RequestParam(required = false) String actor,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        AuditTrail.Filter filter = new AuditTrail.Filter(
                Optional.ofNullable(entityType), Optional.ofNullable(entityId), Optional.ofNullable(actor));
        return trail.find(caller.getName(), filter, PageRequest.of(limit, cursor));
    }
}
