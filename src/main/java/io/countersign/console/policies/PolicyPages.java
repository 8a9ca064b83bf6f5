package io.countersign.console.policies;

import io.countersign.api.http.IfMatch;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.PreconditionFailed;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.policy.PolicyBody;
import io.countersign.console.layout.Paths;
import io.countersign.console.layout.Submission;
import io.countersign.console.layout.Words;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The stages that requests need: a project's policies, an organization's for clusters, and the platform's for tenants.
 */
@Controller
@RequestMapping({"/projects/{project}/policies", "/orgs/{org}/policies", "/policies"})
class PolicyPages {

    private static final String FORM = "form";
    private static final String PAGES = "policies";

    private final ProjectFrame frame;
    private final Policies policies;
    private final RequestKinds kinds;

    PolicyPages(ProjectFrame frame, Policies policies, RequestKinds kinds) {
        this.frame = frame;
        this.policies = policies;
        this.kinds = kinds;
    }

    /**
     * A kind of thing with its policies.
     *
     * @param type the kind
     * @param general the policy of every action without its own
     * @param special the others
     * @param free the actions without their own
     */
    public record Kind(EntityType type, Policies.Entry general, List<Policies.Entry> special, List<String> free) {}

    @GetMapping
    String list(@PathVariable Map<String, String> path, Model model) {
        Scope scope = open(path, model);
        List<Policies.Entry> entries = policies.in(scope);
        model.addAttribute(
                "kinds",
                entries.stream()
                        .filter(entry -> entry.action().isEmpty())
                        .map(general -> kind(general, entries))
                        .toList());
        return "policies/policies";
    }

    @GetMapping("/{type}/edit")
    String edit(
            @PathVariable Map<String, String> path,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            Model model) {
        Scope scope = require(path, model);
        return form(scope, type, action, PolicyForm.of(present(scope, type, action)), model);
    }

    @PostMapping(path = "/{type}/edit", params = "change")
    String change(
            @PathVariable Map<String, String> path,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @RequestParam String change,
            @ModelAttribute(FORM) PolicyForm form,
            Model model) {
        Scope scope = require(path, model);
        Permission usual = kind(scope, type).deciding().get(0);
        return form(scope, type, action, form.changed(change, usual), model);
    }

    @PostMapping(path = "/{type}/edit", params = "!change")
    String save(
            @PathVariable Map<String, String> path,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @ModelAttribute(FORM) PolicyForm form,
            Model model,
            Submission submission) {
        Scope scope = open(path, model);
        RequestKind kind = kind(scope, type);
        Optional<String> own = own(kind, action);
        try {
            policies.change(
                    CurrentUser.get(),
                    scope,
                    kind.type(),
                    own,
                    IfMatch.version(form.version()),
                    present -> PolicyBody.read(kind, form.body(), present));
            return submission.done(
                    Paths.of(scope, PAGES), "The policy is changed. Requests under way keep the one they have.");
        } catch (PreconditionFailed problem) {
            submission.refuse(
                    problem,
                    "Someone else changed this policy after you opened it, so nothing was saved. It is shown below as it"
                            + " is now; saving again replaces it with what you typed.");
            Policy present = present(scope, type, action);
            model.addAttribute("present", new Policies.Entry(kind.type(), own, present));
            return form(scope, type, action, form.over(present.hash()), model);
        } catch (InvalidInput problem) {
            submission.refuse(
                    problem,
                    problem.errors().stream().anyMatch(error -> error.field().equals("stages"))
                            ? "This policy " + problem.errors().get(0).message()
                            : Submission.UNCHANGED);
            return form(scope, type, action, form, model);
        }
    }

    @PostMapping("/{type}/drop")
    String drop(
            @PathVariable Map<String, String> path,
            @PathVariable String type,
            @RequestParam String action,
            @RequestParam(defaultValue = "") String version,
            Model model,
            Submission submission) {
        Scope scope = Paths.scope(path);
        RequestKind kind = kind(scope, type);
        try {
            policies.drop(
                    CurrentUser.get(),
                    scope,
                    kind.type(),
                    own(kind, action).orElseThrow(() -> new NotFound("policy", type)),
                    IfMatch.version(version));
            return submission.done(Paths.of(scope, PAGES), "The action follows the general policy again.");
        } catch (PreconditionFailed problem) {
            submission.refuse(
                    problem, "Someone else changed this policy after you opened the page, so it was not dropped.");
            return list(path, model);
        }
    }

    private Kind kind(Policies.Entry general, List<Policies.Entry> entries) {
        List<Policies.Entry> special = entries.stream()
                .filter(entry -> entry.entityType().equals(general.entityType())
                        && entry.action().isPresent())
                .toList();
        return new Kind(
                general.entityType(),
                general,
                special,
                kinds.of(general.entityType()).actions().stream()
                        .filter(action -> special.stream()
                                .noneMatch(entry -> entry.action().equals(Optional.of(action))))
                        .toList());
    }

    private String form(Scope scope, String type, String action, PolicyForm form, Model model) {
        RequestKind kind = kind(scope, type);
        model.addAttribute(FORM, form);
        model.addAttribute("type", kind.type());
        model.addAttribute("title", "Policy for " + Words.label(type));
        model.addAttribute("action", action);
        model.addAttribute("permissions", kind.deciding());
        model.addAttribute("teamScopes", PolicyBody.teamScopes(kind));
        model.addAttribute("audiences", PolicyBody.audiences(kind));
        return "policies/form";
    }

    /** Adds the scope to the page's model, for a reader who may see its policies. */
    private Scope open(Map<String, String> path, Model model) {
        Scope scope = Paths.scope(path);
        if (scope.type() == Scope.Type.PROJECT) {
            frame.open(scope.id(), model);
        } else {
            policies.requireMaySee(CurrentUser.get(), scope);
        }
        model.addAttribute("scope", scope);
        model.addAttribute("path", Paths.of(scope, PAGES));
        model.addAttribute("mayChange", policies.maySet(CurrentUser.get(), scope));
        return scope;
    }

    /** Opens the scope for a reader who may set its policies. */
    private Scope require(Map<String, String> path, Model model) {
        Scope scope = open(path, model);
        policies.requireMaySet(CurrentUser.get(), scope);
        return scope;
    }

    private Policy present(Scope scope, String type, String action) {
        RequestKind kind = kind(scope, type);
        return policies.of(scope, kind.type(), own(kind, action).orElse(""));
    }

    private RequestKind kind(Scope scope, String name) {
        return kinds.find(name)
                .filter(kind -> kind.scopeType() == scope.type())
                .orElseThrow(() -> new NotFound("policy", name));
    }

    private static Optional<String> own(RequestKind kind, String action) {
        if (!action.isEmpty() && !kind.actions().contains(action)) {
            throw new NotFound("policy", kind.type().wireName() + " " + action);
        }
        return action.isEmpty() ? Optional.empty() : Optional.of(action);
    }
}
