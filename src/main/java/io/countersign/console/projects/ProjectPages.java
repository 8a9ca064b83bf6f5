package io.countersign.console.projects;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.project.Projects;
import io.countersign.identity.project.Projects.Team;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The projects that somebody belongs to, and making a new one. */
@Controller
@RequestMapping("/projects")
public class ProjectPages {

    private final Projects projects;

    ProjectPages(Projects projects) {
        this.projects = projects;
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("projects", projects.visibleTo(CurrentUser.get()));
        model.addAttribute("mayCreate", projects.mayCreate(CurrentUser.get()));
        return "projects/projects";
    }

    @GetMapping("/new")
    String form() {
        projects.requireMayCreate(CurrentUser.get());
        return "projects/form";
    }

    @PostMapping("/new")
    String create(
            @RequestParam(defaultValue = "") String id,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String owner,
            @RequestParam(defaultValue = "") String namespace,
            @RequestParam(defaultValue = "") String team,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            projects.create(
                    CurrentUser.get(),
                    id.strip(),
                    name.strip(),
                    new Team(team.strip(), team.strip()),
                    given(owner).map(UserId::new),
                    given(namespace));
            Flash.success(redirect, "Project " + name.strip() + " was created. Its owner adds the other members.");
            return "redirect:/projects/" + id.strip() + "/members";
        } catch (InvalidInput | Conflict problem) {
            model.addAttribute("id", id);
            model.addAttribute("name", name);
            model.addAttribute("owner", owner);
            model.addAttribute("namespace", namespace);
            model.addAttribute("team", team);
            return again(problem, model, response, "projects/form");
        }
    }

    @GetMapping("/{project}")
    String open(@PathVariable String project) {
        return "redirect:/projects/" + project + "/routes";
    }

    private static Optional<String> given(String text) {
        return Optional.of(text.strip()).filter(value -> !value.isEmpty());
    }

    /** Shows a form again with what is wrong with it. */
    public static String again(Problem problem, Model model, HttpServletResponse response, String view) {
        response.setStatus(Problems.status(problem).value());
        FormErrors errors = FormErrors.of(problem);
        errors.addTo(model);
        Flash.problem(
                model,
                errors.count() > 0
                        ? "Nothing was changed. Correct the marked fields and send the form again."
                        : problem.getMessage());
        return view;
    }
}
