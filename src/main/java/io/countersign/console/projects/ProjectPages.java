package io.countersign.console.projects;

import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.project.Projects;
import io.countersign.identity.project.Projects.Team;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The reader's projects, and creating a new one. */
@Controller
@RequestMapping("/projects")
class ProjectPages {

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
            Submission submission) {
        return submission.fill(
                () -> {
                    projects.create(
                            CurrentUser.get(),
                            id.strip(),
                            name.strip(),
                            new Team(team.strip(), team.strip()),
                            FormText.given(owner).map(UserId::new),
                            FormText.given(namespace));
                    return submission.done(
                            "/projects/" + id.strip() + "/members",
                            "Project " + name.strip() + " was created. Its owner adds the other members.");
                },
                model -> {
                    model.addAttribute("id", id);
                    model.addAttribute("name", name);
                    model.addAttribute("owner", owner);
                    model.addAttribute("namespace", namespace);
                    model.addAttribute("team", team);
                    return form();
                });
    }

    @GetMapping("/{project}")
    String open(@PathVariable String project) {
        return "redirect:/projects/" + project + "/routes";
    }
}
