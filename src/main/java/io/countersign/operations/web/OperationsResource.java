package io.countersign.operations.web;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.identity.CurrentUser;
import io.countersign.notification.outbox.Backlog;
import io.countersign.operations.Operations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/operations")
@Tag(name = "Operations")
class OperationsResource {

    private final Operations operations;

    OperationsResource(Operations operations) {
        this.operations = operations;
    }

    record RetryRequest(String process) {}

    record Retried(int retried) {}

    @GetMapping
    @Operation(summary = "Counts what is stuck, failed or late, for operators of the platform")
    Operations.Summary summary() {
        return operations.summary(CurrentUser.get());
    }

    @GetMapping("/incidents")
    @Operation(summary = "Lists engine jobs that gave up, newest first, with what each needs")
    Page<Operations.Incident> incidents(
            @RequestParam(required = false) String process,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return operations.incidents(CurrentUser.get(), Optional.ofNullable(process), PageRequest.of(limit, cursor));
    }

    @PostMapping("/incidents/{id}/retry")
    @Operation(summary = "Lets a job that gave up run again")
    Operations.Incident retry(@PathVariable String id) {
        return operations.retry(CurrentUser.get(), id);
    }

    @PostMapping("/incidents/retry")
    @Operation(summary = "Lets the newest 100 jobs that gave up run again, of one process or of all")
    Retried retryAll(@RequestBody(required = false) RetryRequest request) {
        return new Retried(operations.retryAll(
                CurrentUser.get(), Optional.ofNullable(request).map(RetryRequest::process)));
    }

    @GetMapping("/stuck")
    @Operation(summary = "Lists requests that nobody can decide, or whose process was ended, oldest first")
    Page<Operations.Stuck> stuck(
            @RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        return operations.stuck(CurrentUser.get(), PageRequest.of(limit, cursor));
    }

    @GetMapping("/deliveries")
    @Operation(summary = "Lists notifications that wait for more than a minute, oldest first")
    Page<Backlog.Waiting> deliveries(
            @RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        return operations.lateDeliveries(CurrentUser.get(), PageRequest.of(limit, cursor));
    }

    @GetMapping("/nodes")
    @Operation(summary = "Lists the instances that share the database, with what each is doing")
    Page<Operations.Instance> nodes() {
        return new Page<>(operations.instances(CurrentUser.get()), null);
    }
}
