package io.countersign.approval.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.Submission;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.requests.Approvals;
import io.countersign.attack.Visitor;
import io.countersign.change.Carrier;
import io.countersign.change.Outcome;
import io.countersign.change.Outlook;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.target.Comparisons.Question;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A kind of request that no module brings, added in this file alone, goes every way that the others go. Firewall rules
 * have no table and no target: their carrier keeps them in memory.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT,
        properties = {
            "countersign.embedded.data-directory=target/test-fifth-kind",
            "countersign.target.manifests.directory=target/test-fifth-kind/manifests",
            "camunda.bpm.process-engine-name=fifthKind",
            // The engine's web applications know one server in a virtual machine: the one that all other tests ask.
            "camunda.bpm.webapp.enabled=false",
            "camunda.bpm.job-execution.wait-time-in-millis=200",
            "camunda.bpm.job-execution.max-wait=400"
        })
@DirtiesContext
@Import({
    Fixtures.class,
    FifthKindTest.FirewallRequests.class,
    FifthKindTest.FirewallRules.class,
    FifthKindTest.FirewallResource.class,
    FifthKindTest.FirewallCarrier.class,
    FifthKindTest.ReleaseFirewallRule.class
})
class FifthKindTest {

    private static final String ENGINE = "/engine-rest/engine/fifthKind";
    private static final int PORT = freePort();
    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));

    private static final Pattern LINK = Pattern.compile("Approve:\\s+(http://localhost:\\d+/\\S+)");

    private static final String MODEL = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                         xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
              <process id="firewall-rule" isExecutable="true" camunda:historyTimeToLive="P1D">
                <startEvent id="rule-requested" />
                <callActivity id="approve-rule" calledElement="approval-stages">
                  <extensionElements>
                    <camunda:in source="approvalId" target="approvalId" />
                    <camunda:in businessKey="#{execution.processBusinessKey}" />
                  </extensionElements>
                </callActivity>
                <exclusiveGateway id="approved" default="no" />
                <serviceTask id="release-rule" camunda:delegateExpression="${releaseFirewallRule}" />
                <callActivity id="open-firewall" calledElement="carry-out">
                  <extensionElements>
                    <camunda:in sourceExpression="firewall_rule" target="kind" />
                    <camunda:in source="ruleId" target="subject" />
                    <camunda:in businessKey="#{execution.processBusinessKey}" />
                  </extensionElements>
                </callActivity>
                <endEvent id="firewall-opened" />
                <endEvent id="request-ended" />
                <sequenceFlow id="requested" sourceRef="rule-requested" targetRef="approve-rule" />
                <sequenceFlow id="decided" sourceRef="approve-rule" targetRef="approved" />
                <sequenceFlow id="yes" sourceRef="approved" targetRef="release-rule">
                  <conditionExpression xsi:type="tFormalExpression">${approval.isApproved(execution)}</conditionExpression>
                </sequenceFlow>
                <sequenceFlow id="no" sourceRef="approved" targetRef="request-ended" />
                <sequenceFlow id="released" sourceRef="release-rule" targetRef="open-firewall" />
                <sequenceFlow id="opened" sourceRef="open-firewall" targetRef="firewall-opened" />
              </process>
            </definitions>
            """;

    /** All that Countersign knows of the kind. */
    @Component
    @Order(50)
    static final class FirewallRequests implements RequestKind {

        static final EntityType TYPE = new EntityType("firewall_rule");

        @Override
        public EntityType type() {
            return TYPE;
        }

        @Override
        public Scope.Type scopeType() {
            return Scope.Type.PROJECT;
        }

        @Override
        public String resource() {
            return "POST /api/v1/projects/{project}/firewall-rules";
        }

        @Override
        public List<String> actions() {
            return List.of("open", "close");
        }

        @Override
        public Policy defaultPolicy() {
            return Policy.singleStage(Permission.ROUTE_APPROVE);
        }

        @Override
        public List<Permission> deciding() {
            return List.of(Permission.ROUTE_APPROVE);
        }

        @Override
        public Topic topic() {
            return Topic.APPLICATION_PIPELINE;
        }

        @Override
        public Consequence consequence() {
            return new Consequence(
                    "If you approve, the port is open within a minute.",
                    "The port is being opened.",
                    "waits for the firewall");
        }

        @Override
        public Optional<String> page(Scope scope, String id, String name) {
            return Optional.of("/projects/" + scope.id() + "/firewall-rules/" + id);
        }

        @Override
        public String summary(JsonNode content) {
            return "TCP port " + content.path("port").asText();
        }
    }

    /** What is asked for. */
    record FirewallRule(String name, int port) {}

    /** A rule with its request, its process, and how far the firewall is with it. */
    record Row(
            UUID id,
            String project,
            FirewallRule rule,
            ApprovalId approval,
            String process,
            boolean begun,
            boolean done) {

        Row progressed(boolean nowBegun, boolean nowDone) {
            return new Row(id, project, rule, approval, process, nowBegun, nowDone);
        }
    }

    /** Takes requests, and keeps what they are about. */
    @Component
    static class FirewallRules {

        private final Approvals approvals;
        private final Policies policies;
        private final RuntimeService processes;
        private final Map<UUID, Row> rows = new ConcurrentHashMap<>();
        private final Set<String> open = ConcurrentHashMap.newKeySet();

        FirewallRules(Approvals approvals, Policies policies, RuntimeService processes) {
            this.approvals = approvals;
            this.policies = policies;
            this.processes = processes;
        }

        @Transactional
        ApprovalId request(String project, FirewallRule rule) {
            UUID id = UUID.randomUUID();
            Scope scope = Scope.project(project);
            Approval approval = approvals.submit(new Submission(
                    FirewallRequests.TYPE,
                    id.toString(),
                    rule.name(),
                    "open",
                    scope,
                    Principal.of(CurrentUser.get()),
                    rule,
                    Optional.empty(),
                    policies.of(scope, FirewallRequests.TYPE, "open")));
            String process = processes
                    .startProcessInstanceByKey(
                            "firewall-rule",
                            rule.name(),
                            Map.of(
                                    "ruleId",
                                    id.toString(),
                                    "approvalId",
                                    approval.id().toString()))
                    .getId();
            save(new Row(id, project, rule, approval.id(), process, false, false));
            return approval.id();
        }

        Optional<Row> find(UUID id) {
            return Optional.ofNullable(rows.get(id));
        }

        Row save(Row row) {
            rows.put(row.id(), row);
            return row;
        }

        void open(String name) {
            open.add(name);
        }

        boolean isOpen(String name) {
            return open.contains(name);
        }
    }

    /** Carries a rule out, called by the process that carries out every kind. */
    @Component
    static class FirewallCarrier implements Carrier<Row> {

        private final FirewallRules rules;
        private final Approvals approvals;

        FirewallCarrier(FirewallRules rules, Approvals approvals) {
            this.rules = rules;
            this.approvals = approvals;
        }

        @Override
        public EntityType kind() {
            return FirewallRequests.TYPE;
        }

        @Override
        public Words words() {
            return new Words("rule", "opened");
        }

        @Override
        public Duration checkInterval() {
            return Duration.ofMillis(200);
        }

        @Override
        public Optional<UUID> subjectOf(Approval approval) {
            return approval.isAbout(FirewallRequests.TYPE)
                    ? Optional.of(UUID.fromString(approval.entityId()))
                    : Optional.empty();
        }

        @Override
        public Optional<Row> find(UUID subject) {
            return rules.find(subject);
        }

        @Override
        public Scope scope(Row row) {
            return Scope.project(row.project());
        }

        @Override
        public boolean isDone(Row row) {
            return row.done();
        }

        @Override
        public Row lock(UUID subject, String process) {
            Row row = rules.find(subject).orElseThrow();
            approvals.hold(row.approval());
            if (!process.equals(row.process())) {
                throw new IllegalStateException("Rule " + subject + " does not wait for this process.");
            }
            return row;
        }

        @Override
        public ApprovalId approval(Row row) {
            return row.approval();
        }

        @Override
        public Row commit(Row row) {
            approvals.carryOut(row.approval(), row.rule());
            return rules.save(row.progressed(true, false));
        }

        @Override
        public List<Question> claims(Row row) {
            return List.of();
        }

        @Override
        public void reopen(Row row, String reason) {
            rules.save(row.progressed(false, false));
        }

        @Override
        public void bring(Row row) {
            approvals.carryOut(row.approval(), row.rule());
            rules.open(row.rule().name());
        }

        @Override
        public void requireBegun(Row row) {
            if (!row.begun()) {
                throw new IllegalStateException("Nothing of rule " + row.id() + " is carried out yet.");
            }
        }

        @Override
        public Outlook look(Row row) {
            return rules.isOpen(row.rule().name()) ? new Outlook.Done() : new Outlook.Gone("It is opened again.");
        }

        @Override
        public void note(Row row, Optional<String> waiting, boolean done) {
            rules.save(row.progressed(row.begun(), done));
        }

        @Override
        public Outcome finish(Row row) {
            String name = row.rule().name();
            return new Outcome(
                    "firewall-rule:" + row.id(),
                    Topic.APPLICATION_PIPELINE,
                    scope(row),
                    approvals.get(row.approval()).submitter()::is,
                    "Open: firewall rule " + name,
                    "Firewall rule " + name + " is open.",
                    List.of(),
                    Optional.empty(),
                    new Outcome.Link("Open the request", "/approvals/" + row.approval()));
        }

        @Override
        public Optional<Outcome> fail(String process, String reason) {
            return Optional.empty();
        }
    }

    @RestController
    static class FirewallResource {

        private final FirewallRules rules;

        FirewallResource(FirewallRules rules) {
            this.rules = rules;
        }

        @PostMapping("/api/v1/projects/{project}/firewall-rules")
        @ResponseStatus(HttpStatus.CREATED)
        Map<String, String> request(@PathVariable String project, @RequestBody FirewallRule rule) {
            return Map.of("approval_id", rules.request(project, rule).toString());
        }
    }

    @Component("releaseFirewallRule")
    static class ReleaseFirewallRule implements JavaDelegate {

        private final FirewallRules rules;
        private final Approvals approvals;

        ReleaseFirewallRule(FirewallRules rules, Approvals approvals) {
            this.rules = rules;
            this.approvals = approvals;
        }

        @Override
        public void execute(DelegateExecution execution) {
            Row row = rules.find(UUID.fromString((String) execution.getVariable("ruleId")))
                    .orElseThrow();
            approvals.release(row.approval(), row.rule());
        }
    }

    @Autowired
    private Fixtures given;

    @Autowired
    private FirewallRules rules;

    private String owner;
    private String project;
    private String editor;
    private String approver;

    @DynamicPropertySource
    static void ownServer(DynamicPropertyRegistry registry) {
        MAIL.start();
        registry.add("server.port", () -> PORT);
        registry.add("countersign.base-url", FifthKindTest::server);
        registry.add("spring.mail.host", () -> "localhost");
        registry.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
    }

    @AfterAll
    static void stopMail() {
        MAIL.stop();
    }

    @BeforeEach
    void deployModelAndFillProject(@Autowired RepositoryService models) {
        models.createDeployment()
                .name("firewall")
                .enableDuplicateFiltering(true)
                .addString("firewall-rule.bpmn", MODEL)
                .deploy();
        owner = given.person("owner");
        project = given.project(owner);
        editor = given.member(project, ProjectRole.EDITOR, "web");
        approver = given.member(project, ProjectRole.APPROVER, "web");
    }

    @Test
    void request_is_found_approved_and_carried_out_over_rest() {
        String name = given.unique("https");
        String approval = request(name);

        assertThat(kindsListed("firewall_rule")).containsExactly(name);
        assertThat(kindsListed("route")).isEmpty();
        assertThat(as(owner)
                        .get("/api/v1/approvals?entityType=firewall")
                        .expectProblem(422, "invalid_input")
                        .text())
                .contains("must be route, client_attachment, cluster, tenant or firewall_rule");
        JsonNode pending =
                as(approver).get("/api/v1/approvals/" + approval).expect(200).json();
        assertThat(pending.at("/entity_type").asText()).isEqualTo("firewall_rule");
        assertThat(pending.at("/status").asText()).isEqualTo("pending");
        as(editor).post(stage(pending) + "/approve", Map.of()).expectProblem(403, "self_approval");
        assertThat(status(approval)).isEqualTo("pending");
        assertThat(rules.isOpen(name)).isFalse();

        as(approver)
                .post(stage(pending) + "/approve", Map.of("comment", "fine"))
                .expect(200);

        awaitOpen(name, approval);
        assertThat(header(awaitMail(editor, "Open:"), "Subject")).isEqualTo("Open: firewall rule " + name);
    }

    @Test
    void request_is_decided_in_the_console() {
        String name = given.unique("https");
        String approval = request(name);
        Visitor visitor = new Visitor(server());
        visitor.signIn(approver);

        assertThat(visitor.get("/inbox").expect(200).text())
                .contains("Open firewall rule " + name)
                .contains("TCP port 443")
                .contains("If you approve, the port is open within a minute.")
                .containsPattern("<option value=\"firewall_rule\"[^>]*>Firewall rule</option>");
        assertThat(visitor.get("/approvals?entity_type=firewall_rule")
                        .expect(200)
                        .text())
                .contains("Open firewall rule " + name);
        String page = visitor.get("/approvals/" + approval).expect(200).text();
        assertThat(page)
                .contains("Open firewall rule " + name)
                .contains("/projects/" + project + "/firewall-rules/")
                .contains("443");

        JsonNode pending = as(approver).get("/api/v1/approvals/" + approval).json();
        String stage = "/approvals/" + approval + "/stages/"
                + pending.at("/stages/0/id").asText() + "/decide";
        visitor.submit(
                        "/approvals/" + approval + "/decide?kind=approve",
                        stage,
                        Map.of(
                                "kind",
                                "approve",
                                "content_hash",
                                pending.at("/content_hash").asText()))
                .expect(302);

        awaitOpen(name, approval);
    }

    @Test
    void approver_gets_a_mail_whose_link_leads_to_the_decision() throws MessagingException, IOException {
        String name = given.unique("https");
        String approval = request(name);

        MimeMessage mail = awaitMail(approver, "Approval needed");

        assertThat(mail.getSubject()).isEqualTo("Approval needed: open firewall rule " + name + " in " + project);
        String text = text(mail);
        assertThat(text).contains("asks to open firewall rule " + name).contains("Port: 443");
        Matcher link = LINK.matcher(text);
        assertThat(link.find()).as("a link in %s", text).isTrue();
        Visitor visitor = new Visitor(server());
        visitor.signIn(approver);
        assertThat(visitor.get(link.group(1)).expect(200).text()).contains("firewall rule " + name);
        assertThat(status(approval)).isEqualTo("pending");
        assertThat(rules.isOpen(name)).isFalse();
    }

    @Test
    void request_is_decided_by_completing_the_task_over_engine_rest() {
        String name = given.unique("https");
        String approval = request(name);

        JsonNode tasks = as(approver).get(ENGINE + "/task").expect(200).json();
        assertThat(tasks).hasSize(1);
        assertThat(tasks.at("/0/name").asText()).isEqualTo("Decide: open firewall_rule " + name);
        assertThat(as(editor).get(ENGINE + "/task").expect(200).json()).isEmpty();
        as(approver)
                .post(
                        ENGINE + "/task/" + tasks.at("/0/id").asText() + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(204);

        awaitOpen(name, approval);
        assertThat(as(owner).get("/api/v1/approvals/" + approval).at("/stages/0/decisions/0/origin"))
                .isEqualTo("engine-rest");
    }

    @Test
    void project_sets_the_policy_of_the_kind_and_of_an_action() {
        String policy = "/api/v1/projects/" + project + "/policies/firewall_rule";
        assertThat(as(owner).get(policy).expect(200).at("/stages/0/required_permission"))
                .isEqualTo("route.approve");
        as(owner).get(policy + "?action=create").expectProblem(422, "invalid_input");

        as(owner)
                .putPolicy(
                        policy + "?action=open",
                        Map.of(
                                "stages",
                                List.of(
                                        Map.of("order", 1, "required_permission", "route.approve", "team_scope", "any"),
                                        Map.of(
                                                "order",
                                                2,
                                                "required_permission",
                                                "route.approve",
                                                "team_scope",
                                                "any"))))
                .expect(200);
        as(owner)
                .putPolicy(
                        policy,
                        Map.of(
                                "stages",
                                List.of(Map.of(
                                        "order", 1, "required_permission", "cluster.approve", "team_scope", "any"))))
                .expectProblem(422, "invalid_input");

        JsonNode request = as(owner)
                .get("/api/v1/approvals/" + request(given.unique("https")))
                .json();
        assertThat(request.at("/stages")).hasSize(2);
        Visitor visitor = new Visitor(server());
        visitor.signIn(owner);
        assertThat(visitor.get("/projects/" + project + "/policies").expect(200).text())
                .contains("Firewall rule");
    }

    private String request(String name) {
        return as(editor)
                .post("/api/v1/projects/" + project + "/firewall-rules", new FirewallRule(name, 443))
                .expect(201)
                .at("/approval_id");
    }

    /** @return what the project's requests of a kind are about */
    private List<String> kindsListed(String kind) {
        return as(owner)
                .get("/api/v1/approvals?entityType=" + kind)
                .expect(200)
                .json()
                .get("items")
                .findValuesAsText("entity_name");
    }

    private void awaitOpen(String name, String approval) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode done =
                    as(owner).get("/api/v1/approvals/" + approval).expect(200).json();
            assertThat(done.at("/status").asText()).as("%s", done).isEqualTo("approved");
            assertThat(done.at("/carried_out_at").asText()).as("%s", done).isNotBlank();
            assertThat(rules.isOpen(name)).as("%s", done).isTrue();
        });
    }

    /** @return the mail to a person whose subject starts so, as soon as it is there */
    private static MimeMessage awaitMail(String person, String subject) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> mailTo(person, subject).isPresent());
        return mailTo(person, subject).orElseThrow();
    }

    private static Optional<MimeMessage> mailTo(String person, String subject) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .filter(mail -> header(mail, "To").equals(person + "@example.com"))
                .filter(mail -> header(mail, "Subject").startsWith(subject))
                .findFirst();
    }

    private static String text(MimeMessage mail) throws MessagingException, IOException {
        return (String) ((MimeMultipart) mail.getContent()).getBodyPart(0).getContent();
    }

    private static String header(MimeMessage mail, String name) {
        try {
            return mail.getHeader(name, null);
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String stage(JsonNode approval) {
        return "/api/v1/approvals/" + approval.at("/id").asText() + "/stages/"
                + approval.at("/stages/0/id").asText();
    }

    private static String server() {
        return "http://localhost:" + PORT;
    }

    private String status(String approval) {
        return as(owner).get("/api/v1/approvals/" + approval).expect(200).at("/status");
    }

    private static Client as(String user) {
        return Client.as(server(), user);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No free port", e);
        }
    }
}
