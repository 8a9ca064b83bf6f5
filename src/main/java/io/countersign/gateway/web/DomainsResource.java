package io.countersign.gateway.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.gateway.Domain;
import io.countersign.gateway.Domains;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/projects/{project}/domains")
@Tag(name = "Domains")
class DomainsResource {

    private final Domains domains;
    private final Idempotency idempotency;

    DomainsResource(Domains domains, Idempotency idempotency) {
        this.domains = domains;
        this.idempotency = idempotency;
    }

    record NewDomain(String id, String host) {}

    record HostChange(String host) {}

    record DomainView(String id, String host, UserId createdBy, Instant createdAt) {

        static DomainView of(Domain domain) {
            return new DomainView(domain.id(), domain.host(), domain.createdBy(), domain.createdAt());
        }
    }

    @GetMapping
    @Operation(summary = "Lists a project's domains, newest first")
    Page<DomainView> list(
            @PathVariable String project,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return domains.list(CurrentUser.get(), project, PageRequest.of(limit, cursor))
                .map(DomainView::of);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Adds a domain")
    DomainView create(
            @PathVariable String project,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody NewDomain body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /projects/" + project + "/domains",
                Optional.ofNullable(key),
                body,
                DomainView.class,
                () -> DomainView.of(domains.create(caller, project, body.id(), body.host())));
    }

    @GetMapping("/{domain}")
    @Operation(summary = "Shows a domain")
    DomainView get(@PathVariable String project, @PathVariable String domain) {
        return DomainView.of(domains.get(CurrentUser.get(), project, domain));
    }

    @PutMapping("/{domain}")
    @Operation(summary = "Changes the host of a domain that has no routes")
    DomainView update(@PathVariable String project, @PathVariable String domain, @RequestBody HostChange body) {
        return DomainView.of(domains.update(CurrentUser.get(), project, domain, body.host()));
    }

    @DeleteMapping("/{domain}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a domain that has no routes")
    void delete(@PathVariable String project, @PathVariable String domain) {
        domains.delete(CurrentUser.get(), project, domain);
    }
}
