package io.countersign.console.insights;

import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.insights.Insights;
import io.countersign.insights.Insights.Report;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Figures and charts of the approvals that the reader may see. */
@Controller
class InsightsPage {

    private static final List<Integer> PERIODS = List.of(4, 12, 26, 52);
    private static final int DEFAULT_PERIOD = 12;

    private final Insights insights;

    InsightsPage(Insights insights) {
        this.insights = insights;
    }

    /** An unknown filter value is ignored: the page shows the active filters. */
    @GetMapping("/insights")
    String show(
            @RequestParam(defaultValue = "") String scope, @RequestParam(defaultValue = "") String weeks, Model model) {
        UserId reader = CurrentUser.get();
        List<Scope> scopes = insights.scopes(reader);
        Optional<Scope> only =
                scopes.stream().filter(known -> known.toString().equals(scope)).findFirst();
        int period = PERIODS.stream()
                .filter(known -> known.toString().equals(weeks))
                .findFirst()
                .orElse(DEFAULT_PERIOD);
        Report report = insights.report(reader, only, period);
        model.addAttribute("report", report);
        model.addAttribute("trend", TrendChart.of(report.weeks()));
        model.addAttribute("ages", AgeChart.of(report.waiting()));
        model.addAttribute("failedJobs", report.failed().map(InsightsPage::jobs).orElse(null));
        model.addAttribute("scopes", scopes);
        model.addAttribute("scope", only.orElse(null));
        model.addAttribute("periods", PERIODS);
        model.addAttribute("weeks", period);
        model.addAttribute("filtered", only.isPresent() || period != DEFAULT_PERIOD);
        return "insights/insights";
    }

    private static long jobs(List<Insights.Failed> failed) {
        return failed.stream().mapToLong(Insights.Failed::count).sum();
    }
}
