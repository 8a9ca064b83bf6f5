package io.countersign.approval.web;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.archive.Archive;
import io.countersign.approval.archive.ArchivedApproval;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Principal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/archive")
@Tag(name = "Approvals")
class ArchiveResource {

    private final Archive archive;

    ArchiveResource(Archive archive) {
        this.archive = archive;
    }

    /** A list item; the scope is one text, as everywhere else. */
    record Item(
            String id,
            String scope,
            String entityType,
            String entityId,
            String entityName,
            String action,
            String status,
            String submitter,
            Principal.Kind submitterType,
            String submittedAt,
            String closedAt,
            String archivedAt) {

        static Item of(ArchivedApproval approval) {
            return new Item(
                    approval.id().toString(),
                    approval.scope().toString(),
                    approval.entityType().wireName(),
                    approval.entityId(),
                    approval.entityName(),
                    approval.action(),
                    approval.status().wireName(),
                    approval.submitter().name(),
                    approval.submitter().kind(),
                    approval.submittedAt().toString(),
                    approval.closedAt().toString(),
                    approval.archivedAt().toString());
        }
    }

    @GetMapping("/approvals")
    @Operation(summary = "Lists requests that were finished long ago; GET /approvals/{id} shows each whole")
    Page<Item> list(@RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        return archive.list(CurrentUser.get(), PageRequest.of(limit, cursor)).map(Item::of);
    }
}
