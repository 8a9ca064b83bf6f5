package io.countersign.embedded;

import io.countersign.identity.OrganizationRole;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.project.Projects;
import java.util.Optional;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The organization, project and people that a first start has, so that there is something to try (design, "Demo"). */
@Component
@EmbeddedMode
@Order(Ordered.HIGHEST_PRECEDENCE)
class DemoData implements ApplicationRunner {

    private static final String PASSWORD = "demo";
    private static final String ORGANIZATION = "acme";
    private static final String PROJECT = "storefront";

    private final People people;
    private final Organizations organizations;
    private final Projects projects;
    private final Members members;

    DemoData(People people, Organizations organizations, Projects projects, Members members) {
        this.people = people;
        this.organizations = organizations;
        this.projects = projects;
        this.members = members;
    }

    @Override
    @Transactional
    public void run(ApplicationArguments arguments) {
        if (people.find(new UserId("superadmin")).isPresent()) {
            return;
        }
        add("superadmin", "Sam Superadmin", true, false);
        add("admin", "Casey Camunda", false, true);
        organizations.create(ORGANIZATION, "Acme", add("acme-owner", "Olivia Owner"));
        member("acme-owner2", "Oscar Owner", OrganizationRole.OWNER);
        member("acme-admin", "Ada Admin", OrganizationRole.ADMIN);
        member("acme-developer", "Dev Developer", OrganizationRole.DEVELOPER);
        member("acme-viewer", "Vic Viewer", OrganizationRole.VIEWER);
        projects.create(
                PROJECT, "Storefront", new Projects.Team("web", "Web"), add("storefront-owner", "Stella Owner"));
        projects.writeTeam(PROJECT, new Projects.Team("payments", "Payments"));
        member("web-editor", "Wanda Editor", ProjectRole.EDITOR, "web");
        member("web-approver", "Walt Approver", ProjectRole.APPROVER, "web");
        member("web-admin", "Wim Admin", ProjectRole.ADMIN, "web");
        member("payments-editor", "Pia Editor", ProjectRole.EDITOR, "payments");
        member("payments-approver", "Pete Approver", ProjectRole.APPROVER, "payments");
        member("storefront-viewer", "Vera Viewer", ProjectRole.VIEWER, "web");
    }

    private void member(String id, String name, OrganizationRole role) {
        members.write(Scope.organization(ORGANIZATION), add(id, name), role, Optional.empty());
    }

    private void member(String id, String name, ProjectRole role, String team) {
        members.write(Scope.project(PROJECT), add(id, name), role, Optional.of(new TeamId(team)));
    }

    private UserId add(String id, String name) {
        return add(id, name, false, false);
    }

    private UserId add(String id, String name, boolean superadmin, boolean engineAdmin) {
        UserId user = new UserId(id);
        people.insert(new Person(user, name, id + "@acme.example", true, superadmin, engineAdmin), PASSWORD);
        return user;
    }
}
