package io.countersign.console;

import io.countersign.api.InvalidInput;
import io.countersign.api.NotFound;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policies;
import io.countersign.approval.Policy;
import io.countersign.approval.PolicyBody;
import io.countersign.approval.TeamScope;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Which stages a project's requests need. */
@Controller
@RequestMapping("/projects/{project}/policies")
class PolicyPages {

    private static final String FORM = "form";

    private final ProjectFrame frame;
    private final Policies policies;

    PolicyPages(ProjectFrame frame, Policies policies) {
        this.frame = frame;
        this.policies = policies;
    }

    /**
     * A kind of thing with its policies.
     *
     * @param type the kind
     * @param general the policy of every action that has none of its own
     * @param special the others
     * @param free the actions that have none of their own
     */
    public record Kind(EntityType type, Policies.Entry general, List<Policies.Entry> special, List<String> free) {}

    @GetMapping
    String list(@PathVariable String project, Model model) {
        frame.open(project, model);
        List<Policies.Entry> entries = policies.in(Scope.project(project));
        model.addAttribute(
                "kinds",
                entries.stream()
                        .filter(entry -> entry.action().isEmpty())
                        .map(general -> kind(general, entries))
                        .toList());
        return "policies";
    }

    @GetMapping("/{type}/edit")
    String edit(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            Model model) {
        frame.require(project, Permission.PROJECT_APPROVAL_POLICY, model);
        return form(type, action, PolicyForm.of(present(project, type, action)), model);
    }

    @PostMapping(path = "/{type}/edit", params = "add_stage")
    String add(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @ModelAttribute(FORM) PolicyForm form,
            Model model) {
        frame.require(project, Permission.PROJECT_APPROVAL_POLICY, model);
        form.add();
        return form(type, action, form, model);
    }

    @PostMapping(path = "/{type}/edit", params = "remove_stage")
    String remove(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @RequestParam("remove_stage") int index,
            @ModelAttribute(FORM) PolicyForm form,
            Model model) {
        frame.require(project, Permission.PROJECT_APPROVAL_POLICY, model);
        form.remove(index);
        return form(type, action, form, model);
    }

    @PostMapping(path = "/{type}/edit", params = "move_up")
    String moveUp(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @RequestParam("move_up") int index,
            @ModelAttribute(FORM) PolicyForm form,
            Model model) {
        frame.require(project, Permission.PROJECT_APPROVAL_POLICY, model);
        form.moveUp(index);
        return form(type, action, form, model);
    }

    @PostMapping(
            path = "/{type}/edit",
            params = {"!add_stage", "!remove_stage", "!move_up"})
    String save(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam(defaultValue = "") String action,
            @ModelAttribute(FORM) PolicyForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            Policy policy = PolicyBody.read(type(type), form.body(), present(project, type, action));
            policies.save(CurrentUser.get(), Scope.project(project), type(type), own(type, action), policy);
            Flash.success(redirect, "The policy is changed. Requests under way keep the one they have.");
            return "redirect:/projects/" + project + "/policies";
        } catch (InvalidInput problem) {
            frame.open(project, model);
            response.setStatus(Problems.status(problem).value());
            FormErrors.of(problem).addTo(model);
            Flash.problem(
                    model,
                    problem.errors().stream().anyMatch(error -> error.field().equals("stages"))
                            ? "This policy " + problem.errors().get(0).message()
                            : "Nothing was changed. Correct the marked fields and send the form again.");
            return form(type, action, form, model);
        }
    }

    @PostMapping("/{type}/drop")
    String drop(
            @PathVariable String project,
            @PathVariable String type,
            @RequestParam String action,
            RedirectAttributes redirect) {
        policies.drop(
                CurrentUser.get(),
                project,
                type(type),
                own(type, action).orElseThrow(() -> new NotFound("policy", type)));
        Flash.success(redirect, "The action follows the general policy again.");
        return "redirect:/projects/" + project + "/policies";
    }

    private static Kind kind(Policies.Entry general, List<Policies.Entry> entries) {
        List<Policies.Entry> special = entries.stream()
                .filter(entry -> entry.entityType() == general.entityType()
                        && entry.action().isPresent())
                .toList();
        return new Kind(
                general.entityType(),
                general,
                special,
                Policies.actions(general.entityType()).stream()
                        .filter(action -> special.stream()
                                .noneMatch(entry -> entry.action().equals(Optional.of(action))))
                        .toList());
    }

    private static String form(String type, String action, PolicyForm form, Model model) {
        model.addAttribute(FORM, form);
        model.addAttribute("type", type(type));
        model.addAttribute("title", "Policy for " + Words.label(type));
        model.addAttribute("action", action);
        model.addAttribute("permissions", List.of(Permission.ROUTE_APPROVE, Permission.CLIENT_APPROVE));
        model.addAttribute("teamScopes", TeamScope.values());
        return "policy-form";
    }

    private Policy present(String project, String type, String action) {
        return policies.of(Scope.project(project), type(type), own(type, action).orElse(""));
    }

    private static EntityType type(String name) {
        return EntityType.find(name)
                .filter(type -> type.scopeType() == Scope.Type.PROJECT)
                .orElseThrow(() -> new NotFound("policy", name));
    }

    private static Optional<String> own(String type, String action) {
        if (!action.isEmpty() && !Policies.actions(type(type)).contains(action)) {
            throw new NotFound("policy", type + " " + action);
        }
        return action.isEmpty() ? Optional.empty() : Optional.of(action);
    }
}
