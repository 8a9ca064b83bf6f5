package io.countersign.insights.web;

import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.figures.ApprovalFigures;
import io.countersign.approval.figures.ApprovalFigures.Durations;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.insights.Insights;
import io.countersign.insights.Insights.Report;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/insights")
@Tag(name = "Insights")
class InsightsResource {

    private final Insights insights;

    InsightsResource(Insights insights) {
        this.insights = insights;
    }

    record View(
            Instant since,
            List<EntityTypeView> requests,
            List<ApproversView> stages,
            List<WeekView> weeks,
            List<WaitingView> pending,
            StuckView stuck,
            List<FailedView> failedJobs) {

        static View of(Report report) {
            return new View(
                    report.since(),
                    report.byEntityType().stream().map(EntityTypeView::of).toList(),
                    report.byApprovers().stream().map(ApproversView::of).toList(),
                    report.weeks().stream().map(WeekView::of).toList(),
                    report.waiting().stream().map(WaitingView::of).toList(),
                    StuckView.of(report),
                    report.failed()
                            .map(jobs -> jobs.stream()
                                    .map(job -> new FailedView(job.process(), job.count()))
                                    .toList())
                            .orElse(null));
        }
    }

    record EntityTypeView(String entityType, long count, Double medianSeconds, Double p90Seconds) {

        static EntityTypeView of(ApprovalFigures.ByEntityType row) {
            Durations durations = row.durations();
            return new EntityTypeView(
                    row.entityType(), durations.count(), seconds(durations.median()), seconds(durations.p90()));
        }
    }

    record ApproversView(
            String entityType,
            String requiredPermission,
            String teamScope,
            long count,
            Double medianSeconds,
            Double p90Seconds) {

        static ApproversView of(ApprovalFigures.ByApprovers row) {
            Durations durations = row.durations();
            return new ApproversView(
                    row.entityType(),
                    row.requiredPermission(),
                    row.teamScope(),
                    durations.count(),
                    seconds(durations.median()),
                    seconds(durations.p90()));
        }
    }

    record WeekView(LocalDate monday, long count, Double medianSeconds, Double p90Seconds) {

        static WeekView of(Insights.Week week) {
            Durations durations = week.durations();
            return new WeekView(
                    week.monday(), durations.count(), seconds(durations.median()), seconds(durations.p90()));
        }
    }

    record WaitingView(String age, String entityType, long count) {

        static WaitingView of(Insights.Waiting waiting) {
            return new WaitingView(
                    waiting.age().name().toLowerCase(Locale.ROOT), waiting.entityType(), waiting.count());
        }
    }

    record StuckView(long count, List<StuckRequestView> oldest) {

        static StuckView of(Report report) {
            return new StuckView(
                    report.stuck(),
                    report.oldestStuck().stream()
                            .map(stuck -> new StuckRequestView(
                                    stuck.approval().toString(),
                                    stuck.action(),
                                    stuck.entityType(),
                                    stuck.entityName(),
                                    stuck.scope().toString(),
                                    stuck.submittedAt(),
                                    stuck.reason()))
                            .toList());
        }
    }

    record StuckRequestView(
            String approvalId,
            String action,
            String entityType,
            String entityName,
            String scope,
            Instant submittedAt,
            String reason) {}

    record FailedView(String process, long count) {}

    @GetMapping
    @Operation(summary = "Tells how long decisions take, what waits and what is stuck, in what the caller may see")
    View read(@RequestParam(required = false) String scope, @RequestParam(defaultValue = "12") int weeks) {
        return View.of(
                insights.report(CurrentUser.get(), Optional.ofNullable(scope).map(InsightsResource::parse), weeks));
    }

    private static Scope parse(String scope) {
        try {
            return Scope.parse(scope);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidInput("scope", "must be such as organization:acme");
        }
    }

    private static Double seconds(Optional<Duration> duration) {
        return duration.map(time -> time.toMillis() / 1000.0).orElse(null);
    }
}
