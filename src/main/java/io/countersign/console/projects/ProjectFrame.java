package io.countersign.console.projects;

import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.approval.requests.Approvals;
import io.countersign.console.approvals.RequestCard;
import io.countersign.console.approvals.RequestFrame;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.project.Projects;
import io.countersign.identity.project.Projects.Project;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What all pages of a project share: its name, its tabs, and the reader's permissions in it. */
@Component
public class ProjectFrame {

    private final Projects projects;
    private final Memberships memberships;
    private final RequestFrame requests;

    ProjectFrame(Projects projects, Memberships memberships, RequestFrame requests) {
        this.projects = projects;
        this.memberships = memberships;
        this.requests = requests;
    }

    /**
     * The reader in this project.
     *
     * @param membership their membership; empty for a superadmin who only views
     */
    public record Reader(Optional<Membership> membership) {

        /**
         * @param permission a permission's name, such as {@code route.create}
         * @return whether the reader has it
         */
        public boolean may(String permission) {
            return Permission.find(permission)
                    .filter(wanted -> membership
                            .filter(member -> member.permissions().contains(wanted))
                            .isPresent())
                    .isPresent();
        }
    }

    /**
     * Adds the project to the page's model.
     *
     * @return the reader in this project
     * @throws NotFound if there is no such project that the reader may see
     */
    public Reader open(String project, Model model) {
        UserId user = CurrentUser.get();
        Project found = projects.getVisible(user, project);
        Reader reader = new Reader(memberships.find(user, Scope.project(project)));
        model.addAttribute("project", found);
        model.addAttribute("projectScope", Scope.project(project));
        model.addAttribute("reader", reader);
        model.addAttribute("teams", projects.teams(project));
        return reader;
    }

    /** Opens the project for a reader with a permission in it, as forms require. */
    public Reader require(String project, Permission permission, Model model) {
        Reader reader = open(project, model);
        memberships.require(CurrentUser.get(), Scope.project(project), permission);
        return reader;
    }

    /** @return the project's pending requests of a kind, as the reader sees them */
    public List<RequestCard> awaiting(String project, EntityType type) {
        Approvals.Query query = new Approvals.Query(
                Optional.of(Scope.project(project)),
                Optional.of(ApprovalStatus.PENDING),
                Optional.of(type),
                Optional.empty(),
                Optional.empty(),
                false);
        return requests.list(query, PageRequest.of(20, null)).items();
    }
}
