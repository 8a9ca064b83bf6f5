package io.countersign.console.operations;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.NotFound;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.operations.Operations;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * For operators: running instances, what is stuck, failed or late on the platform, what each case needs, and the retry
 * of failed jobs.
 */
@Controller
@RequestMapping(OperationsPages.HOME)
class OperationsPages {

    static final String HOME = "/operations";

    private final Operations operations;

    OperationsPages(Operations operations) {
        this.operations = operations;
    }

    @GetMapping
    String show(@RequestParam(required = false) String process, Model model) {
        UserId reader = CurrentUser.get();
        Optional<String> only = FormText.given(process);
        model.addAttribute("summary", operations.summary(reader));
        PageRequest first = PageRequest.of(Operations.MAX, null);
        model.addAttribute(
                "incidents", operations.incidents(reader, only, first).items());
        model.addAttribute("process", only.orElse(null));
        model.addAttribute("stuck", operations.stuck(reader, first).items());
        model.addAttribute("late", operations.lateDeliveries(reader, first).items());
        model.addAttribute("instances", operations.instances(reader));
        return "operations/operations";
    }

    @PostMapping("/incidents/{id}/retry")
    String retry(@PathVariable String id, Submission submission) {
        try {
            Operations.Incident incident = operations.retry(CurrentUser.get(), id);
            return submission.done(HOME, incident.activity() + " for " + incident.about() + " runs again.");
        } catch (NotFound gone) {
            return submission.done(HOME, "It is no longer open: someone else retried it, or it has ended.");
        }
    }

    @PostMapping("/incidents/retry")
    String retryAll(@RequestParam(required = false) String process, Submission submission) {
        int retried = operations.retryAll(CurrentUser.get(), FormText.given(process));
        return submission.done(HOME, retried == 1 ? "1 job runs again." : retried + " jobs run again.");
    }
}
