package io.countersign;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.Submission;
import io.countersign.approval.requests.Approvals;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Principal;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.project.Projects;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes what a test starts from. Every call makes something new, so that tests do not meet. */
@TestComponent
public class Fixtures {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String RUN = Long.toString(System.currentTimeMillis() % 100_000_000, 36);

    /** The lowest cost there is: the suite signs thousands of people in, and none of them has anything to lose. */
    private static final String CHEAP_HASH_OF_DEMO = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("demo");

    private final JdbcClient jdbc;
    private final Organizations organizations;
    private final Projects projects;
    private final Members members;
    private final Approvals approvals;
    private final RuntimeService runtime;
    private final TransactionTemplate transaction;

    Fixtures(
            JdbcClient jdbc,
            Organizations organizations,
            Projects projects,
            Members members,
            Approvals approvals,
            RuntimeService runtime,
            TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.organizations = organizations;
        this.projects = projects;
        this.members = members;
        this.approvals = approvals;
        this.runtime = runtime;
        this.transaction = transaction;
    }

    /** @return a name that nothing else has */
    public String unique(String prefix) {
        return prefix + "-" + RUN + COUNTER.incrementAndGet();
    }

    /** @return a new person with the password {@code demo} and a confirmed address */
    public String person(String prefix) {
        String id = unique(prefix);
        insert(id, "Person " + id, false);
        return id;
    }

    /** Sets the password of a person by the link that whoever made their account was shown. */
    public static void acceptInvitation(Client anybody, Client.Answer invited, String password) {
        String link = invited.at("/invitation/link");
        anybody.post(
                        "/api/v1/auth/invitation",
                        Map.of("token", link.substring(link.indexOf('=') + 1), "password", password))
                .expect(204);
    }

    /** Adds a person of a name, with the password {@code demo}, past all that looks at names. */
    public void personNamed(String id) {
        insert(id, "Person " + id, false);
    }

    /** @return a new superadmin with the password {@code demo} */
    public String superadmin() {
        String id = unique("super");
        insert(id, "Super " + id, true);
        return id;
    }

    private void insert(String id, String name, boolean superadmin) {
        jdbc.sql("""
                        insert into users (id, display_name, email, email_confirmed, password_hash, superadmin)
                        values (?, ?, ?, true, ?, ?)""")
                .params(id, name, id + "@example.com", CHEAP_HASH_OF_DEMO, superadmin)
                .update();
        jdbc.sql("insert into principal_names (name, kind) values (?, 'person') on conflict do nothing")
                .param(id)
                .update();
    }

    /** An organization with one person for each role. */
    public record Org(String id, String owner, String admin, String developer, String viewer) {

        public Scope scope() {
            return Scope.organization(id);
        }
    }

    /** @return a new organization with a new person for each role */
    public Org organization() {
        Org org = new Org(unique("org"), person("owner"), person("admin"), person("developer"), person("viewer"));
        organizations.create(org.id(), "Organization " + org.id(), new UserId(org.owner()));
        member(org.id(), org.admin(), OrganizationRole.ADMIN);
        member(org.id(), org.developer(), OrganizationRole.DEVELOPER);
        member(org.id(), org.viewer(), OrganizationRole.VIEWER);
        return org;
    }

    /** Gives a person a role in an organization. */
    public void member(String organization, String user, OrganizationRole role) {
        members.write(Scope.organization(organization), new UserId(user), role, Optional.empty());
    }

    /** @return the id of a new project with a team {@code web}, owned by a person of that team */
    public String project(String owner) {
        String id = unique("project");
        projects.create(id, "Project " + id, new Projects.Team("web", "Web"), new UserId(owner));
        return id;
    }

    /** Adds a team. */
    public void team(String project, String team) {
        projects.writeTeam(project, new Projects.Team(team, team));
    }

    /** @return a new person with a role and team in a project */
    public String member(String project, ProjectRole role, String team) {
        String id = person(role.wireName());
        members.write(Scope.project(project), new UserId(id), role, Optional.of(new TeamId(team)));
        return id;
    }

    /** @return a pending request of any kind, submitted and with its stages running in the engine */
    public Approval request(EntityType type, Scope scope, String submitter, Policy policy) {
        return request(type, scope, submitter, policy, Map.of("size", 3));
    }

    /** @return a pending request that asks for something more than its name */
    public Approval request(EntityType type, Scope scope, String submitter, Policy policy, Map<String, ?> more) {
        String name = unique(type.wireName().replace('_', '-'));
        Map<String, Object> content = new HashMap<>(more);
        content.put("name", name);
        return transaction.execute(status -> {
            Approval approval = approvals.submit(new Submission(
                    type,
                    name,
                    name,
                    "create",
                    scope,
                    Principal.of(new UserId(submitter)),
                    content,
                    Optional.empty(),
                    policy));
            runtime.startProcessInstanceByKey(
                    "approval-stages", name, Map.of("approvalId", approval.id().toString()));
            return approval;
        });
    }
}
