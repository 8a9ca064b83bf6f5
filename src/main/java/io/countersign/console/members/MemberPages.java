package io.countersign.console.members;

import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.console.layout.Submission;
import io.countersign.console.projects.ProjectFrame;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.project.Projects;
import io.countersign.identity.project.Projects.Team;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Members and teams of a project. */
@Controller
@RequestMapping("/projects/{project}")
class MemberPages {

    private static final int PAGE = 50;

    private final ProjectFrame frame;
    private final Projects projects;
    private final Memberships memberships;
    private final Members changes;

    MemberPages(ProjectFrame frame, Projects projects, Memberships memberships, Members changes) {
        this.frame = frame;
        this.projects = projects;
        this.memberships = memberships;
        this.changes = changes;
    }

    @GetMapping("/members")
    String list(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) String cursor,
            Model model) {
        SearchRequest request = SearchRequest.of(PAGE, cursor, q);
        boolean manages = frame.open(project, model).may(Permission.PROJECT_TEAMS.wireName());
        model.addAttribute("members", memberships.list(Scope.project(project), request));
        model.addAttribute("q", request.text().orElse(null));
        boolean appoints = !manages && memberships.mayAppointOwner(CurrentUser.get(), Scope.project(project));
        model.addAttribute("appoints", appoints);
        model.addAttribute("roles", appoints ? List.of(ProjectRole.OWNER) : List.of(ProjectRole.values()));
        return "members/members";
    }

    @PostMapping("/members")
    String set(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String role,
            @RequestParam(defaultValue = "") String team,
            Submission submission) {
        return submission.act(
                () -> {
                    changes.set(
                            CurrentUser.get(),
                            Scope.project(project),
                            new UserId(user.strip()),
                            role(role),
                            Optional.of(new TeamId(team)));
                    return submission.done(path(project), user.strip() + " is " + role + " in team " + team + " now.");
                },
                model -> {
                    model.addAttribute("user", user);
                    model.addAttribute("role", role);
                    model.addAttribute("team", team);
                    return list(project, "", null, model);
                });
    }

    @PostMapping("/members/{user}/remove")
    String remove(@PathVariable String project, @PathVariable String user, Submission submission) {
        return submission.act(
                () -> {
                    changes.remove(CurrentUser.get(), Scope.project(project), new UserId(user));
                    return submission.done(
                            user.equals(CurrentUser.get().value()) ? "/projects" : path(project),
                            user + " is no longer a member.");
                },
                model -> list(project, "", null, model));
    }

    @PostMapping("/teams")
    String addTeam(
            @PathVariable String project,
            @RequestParam(defaultValue = "") String id,
            @RequestParam(defaultValue = "") String name,
            Submission submission) {
        return submission.act(
                () -> {
                    projects.addTeam(CurrentUser.get(), project, new Team(id.strip(), name.strip()));
                    return submission.done(path(project), "Team " + name.strip() + " is added.");
                },
                model -> {
                    model.addAttribute("teamId", id);
                    model.addAttribute("teamName", name);
                    return list(project, "", null, model);
                });
    }

    private static String path(String project) {
        return "/projects/" + project + "/members";
    }

    private static ProjectRole role(String name) {
        return Arrays.stream(ProjectRole.values())
                .filter(role -> role.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInput("role", "must be one of those in the list"));
    }
}
