package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.processInstanceQuery;

import com.icegreen.greenmail.util.GreenMail;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.Approvals;
import io.countersign.engine.diagram.ProcessDiagrams;
import io.countersign.identity.Principal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A test of a process, step by step: the whole application on real PostgreSQL, with the job executor off, so that the
 * test itself runs the jobs: {@code execute(job())}. The assertions are those of {@link BpmnAwareTests}; import them
 * statically. All such tests share one application, so each makes its own organization or project.
 */
@SpringBootTest(
        properties = {
            // A name of its own: Camunda finds the running server's engine by the default name.
            "camunda.bpm.process-engine-name=processTests",
            "camunda.bpm.job-execution.enabled=false",
            "camunda.bpm.history-level=activity",
            "countersign.notification.digest-after=60",
            "countersign.notification.digest-window=PT3S",
            "countersign.embedded.data-directory=target/test-processes",
            "countersign.target.manifests.directory=target/test-processes/manifests",
            "countersign.freezes.longest-wait=PT1S"
        })
@Import({Fixtures.class, SequenceFlows.class, HeldTarget.Placement.class})
public abstract class ProcessTest {

    /** Where the application writes what it provisions. */
    protected static final Path MANIFESTS = ServerTest.MANIFESTS;

    /** Where the application's mail arrives. */
    protected static final GreenMail MAIL = ServerTest.MAIL;

    @Autowired
    protected Fixtures given;

    @Autowired
    protected Approvals approvals;

    @Autowired
    private ProcessEngine engine;

    @Autowired
    private ProcessDiagrams diagrams;

    @Autowired
    private SequenceFlows flows;

    private Set<String> before = Set.of();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("countersign.target.manifests.directory", MANIFESTS::toString);
        registry.add("spring.mail.host", () -> "localhost");
        registry.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
    }

    @BeforeEach
    void useThisEngine() {
        BpmnAwareTests.init(engine);
        before = flows.instances();
    }

    @AfterEach
    void forgetTheEngine() {
        BpmnAwareTests.reset();
    }

    /** Whatever the test was about: pages draw the way that its processes took, and no other. */
    @AfterEach
    void way_that_is_drawn_is_the_way_taken() {
        for (String instance : flows.instances()) {
            if (before.contains(instance)) {
                continue;
            }
            for (ProcessDiagrams.Diagram diagram : diagrams.of(instance)) {
                if (diagram.instanceId().equals(instance)) {
                    assertThat(diagram.flows())
                            .as("%s %s", diagram.processKey(), diagram.steps())
                            .containsExactlyInAnyOrderElementsOf(Set.copyOf(flows.takenBy(instance)));
                }
            }
        }
    }

    /** @return what is done by a person who is signed in meanwhile */
    protected static <T> T as(String user, Supplier<T> deed) {
        SecurityContextHolder.getContext()
                .setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                        user, null, AuthorityUtils.createAuthorityList(Principal.Kind.PERSON.authority())));
        try {
            return deed.get();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    /** Does something as a person who is signed in meanwhile. */
    protected static void as(String user, Runnable deed) {
        as(user, () -> {
            deed.run();
            return null;
        });
    }

    /** Approves the open stage of an approval, as Tasklist does: by completing its task. */
    protected void approve(String user, ApprovalId approval) {
        decide(user, approval, Map.of("decision", "approve"));
    }

    /** Rejects the open stage of an approval, as Tasklist does: by completing its task. */
    protected void reject(String user, ApprovalId approval, String reason) {
        decide(user, approval, Map.of("decision", "reject", "comment", reason));
    }

    /** @return the running instance of {@code approval-stages} for an approval */
    protected static ProcessInstance stagesOf(ApprovalId approval) {
        return processInstanceQuery()
                .processDefinitionKey("approval-stages")
                .variableValueEquals("approvalId", approval.toString())
                .singleResult();
    }

    private void decide(String user, ApprovalId approval, Map<String, Object> variables) {
        String task = approvals.get(approval).openStage().orElseThrow().taskId().orElseThrow();
        as(user, () -> engine.getTaskService().complete(task, variables));
    }
}
