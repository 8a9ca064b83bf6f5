package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.countersign.Client;
import io.countersign.attack.Visitor;
import io.countersign.tenant.notice.TenantNotices;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class TenantNoticesTest extends TenantTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    JdbcClient jdbc;

    @Autowired
    RuntimeService runtime;

    @Autowired
    ManagementService management;

    @Autowired
    TenantNotices notices;

    @Autowired
    TransactionTemplate transaction;

    @Test
    void contact_is_told_of_every_change_and_of_its_reason() throws Exception {
        String contact = given.unique("contact") + "@example.com";
        Registered tenant = registered(orchestrator(), contact);
        act(tenant, TenantEvent.APPROVE).expect(200);
        as("superadmin")
                .post(tenant.path() + "/suspend", Map.of("reason", "unpaid bills"))
                .expect(200);

        MimeMessage active = awaitMail(contact, "is active");
        MimeMessage suspended = awaitMail(contact, "is suspended");

        assertThat(active.getSubject()).isEqualTo("Tenant Mill & Sons is active");
        assertThat(text(suspended)).contains("unpaid bills").contains(tenant.tenantId());
    }

    @Test
    void notice_is_delivered_once_however_often_its_job_runs() {
        String contact = given.unique("contact") + "@example.com";
        Registered tenant = registered(orchestrator(false), contact);
        awaitMail(contact, "is active");
        UUID notice = jdbc.sql("select id from tenant_notices where tenant = ?::uuid")
                .param(tenant.id())
                .query(UUID.class)
                .single();

        transaction.executeWithoutResult(status -> notices.deliver(notice));

        assertThat(mails(contact)).hasSize(1);
        assertThat(status(tenant, "mail")).isEqualTo("sent");
    }

    @Test
    void notice_that_the_mail_server_took_is_not_sent_again_if_that_could_not_be_recorded() {
        String contact = given.unique("contact") + "@example.com";
        Registered tenant = registered(orchestrator(false), contact);
        awaitMail(contact, "is active");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(tenant, "mail")).isEqualTo("sent"));
        UUID notice = jdbc.sql("update tenant_notices set status = 'queued' where tenant = ?::uuid returning id")
                .param(tenant.id())
                .query(UUID.class)
                .single();
        jdbc.sql("""
                        insert into delivery_handovers (delivery_id, node_id, begun_at, accepted_at)
                        values (?, 'instance-that-is-gone', now(), now())""").param(notice).update();

        transaction.executeWithoutResult(status -> notices.deliver(notice));

        assertThat(mails(contact)).hasSize(1);
        assertThat(status(tenant, "mail")).isEqualTo("sent");
        assertThat(jdbc.sql("select count(*) from delivery_handovers where delivery_id = ?")
                        .param(notice)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void orchestrator_without_a_url_is_not_told() {
        Registered tenant = tenant(orchestrator(), TenantStatus.ACTIVE);

        assertThat(jdbc.sql("select count(*) from tenant_notices where tenant = ?::uuid and kind = 'webhook'")
                        .param(tenant.id())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void orchestrator_is_told_by_a_signed_request_over_http() throws Exception {
        BlockingQueue<Map<String, String>> posts = new LinkedBlockingQueue<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(WEBHOOK_HOST, 0), 0);
        receiver.createContext("/hook", exchange -> {
            posts.add(Map.of(
                    "signature",
                    exchange.getRequestHeaders().getFirst("Countersign-Signature"),
                    "delivery",
                    exchange.getRequestHeaders().getFirst("Countersign-Delivery"),
                    "body",
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            Client.Answer provisioned = as("superadmin")
                    .post(
                            "/api/v1/orchestrators",
                            Map.of(
                                    "name",
                                    given.unique("Orchestrator"),
                                    "contact_email",
                                    "orchestrator@example.com",
                                    "approval_required",
                                    false,
                                    "url",
                                    "http://" + WEBHOOK_HOST + ":"
                                            + receiver.getAddress().getPort() + "/hook"))
                    .expect(201);
            String key = provisioned.at("/webhook_signing_key");
            Client orchestrator = asOrchestrator(provisioned.at("/client_id"), provisioned.at("/client_secret"));

            Registered tenant = new Caller(
                            provisioned.at("/id"),
                            provisioned.at("/client_id"),
                            provisioned.at("/client_secret"),
                            orchestrator)
                    .registered(given.unique("t"));

            Map<String, String> post = posts.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(post).isNotNull();
            assertThat(post.get("body")).contains(tenant.tenantId()).contains("active");
            String time = post.get("signature").replaceFirst("t=(\\d+),.*", "$1");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertThat(post.get("signature"))
                    .endsWith(",v1="
                            + HexFormat.of()
                                    .formatHex(mac.doFinal(
                                            (time + "." + post.get("body")).getBytes(StandardCharsets.UTF_8))));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(status(tenant, "webhook")).isEqualTo("sent"));
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void webhook_into_our_own_network_is_refused_when_it_is_set() {
        String path = "/api/v1/orchestrators/" + orchestrator().id();

        for (String url : List.of("https://127.0.0.1/hook", "http://example.com/hook", "https://169.254.169.254/")) {
            as("superadmin").patch(path, Map.of("url", url)).expectProblem(422, "invalid_input");
        }
    }

    @Test
    void webhook_that_fails_holds_nothing_up_and_is_an_incident_until_somebody_retries_it() {
        Caller orchestrator = orchestrator();
        Registered tenant = orchestrator.registered(given.unique("t"));
        // As if the name had come to lead into our own network after it was set.
        jdbc.sql("update orchestrators set url = 'https://127.0.0.1/hook' where id = ?::uuid")
                .param(orchestrator.id())
                .update();

        assertThat(act(tenant, TenantEvent.APPROVE).expect(200).at("/status")).isEqualTo("active");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(runtime.createIncidentQuery()
                                .processInstanceId(delivery(tenant).getId())
                                .list())
                        .singleElement()
                        .satisfies(incident ->
                                assertThat(incident.getIncidentMessage()).contains("private network")));
        assertThat(status(tenant, "webhook")).isEqualTo("queued");
        JsonNode failed = as("superadmin")
                .get("/api/v1/tenants/" + tenant.id())
                .expect(200)
                .json();
        assertThat(failed.get("attempt").asInt()).isEqualTo(3);
        assertThat(failed.get("failure").asText()).contains("private network");
        Visitor visitor = new Visitor(server());
        visitor.signIn("superadmin");
        for (String page : List.of("/tenants/" + tenant.id(), "/tenants")) {
            assertThat(visitor.get(page).expect(200).text().replaceAll("<[^>]*>", ""))
                    .containsIgnoringCase("attempt 3 of 3 failed");
        }

        as("superadmin").delete("/api/v1/orchestrators/" + orchestrator.id()).expect(204);
        management.setJobRetries(
                management
                        .createJobQuery()
                        .processInstanceId(delivery(tenant).getId())
                        .singleResult()
                        .getId(),
                1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(tenant, "webhook")).isEqualTo("dropped"));
    }

    private Registered registered(Caller orchestrator, String contact) {
        String tenantId = given.unique("t");
        String id = orchestrator
                .client()
                .post("/api/v1/tenants", Map.of("tenant_id", tenantId, "name", "Mill & Sons", "contact_email", contact))
                .expect(201)
                .at("/id");
        return new Registered(id, tenantId);
    }

    /** The delivery that is still under way. */
    private ProcessInstance delivery(Registered tenant) {
        List<ProcessInstance> running = runtime.createProcessInstanceQuery()
                .processDefinitionKey("tenant-notice")
                .processInstanceBusinessKey(tenant.tenantId())
                .list();
        assertThat(running).hasSize(1);
        return running.get(0);
    }

    private String status(Registered tenant, String kind) {
        return jdbc.sql("select status from tenant_notices where tenant = ?::uuid and kind = ?")
                .params(tenant.id(), kind)
                .query(String.class)
                .single();
    }

    private static MimeMessage awaitMail(String address, String subject) {
        await().atMost(PATIENCE)
                .until(() ->
                        mails(address).stream().anyMatch(mail -> subject(mail).endsWith(subject)));
        return mails(address).stream()
                .filter(mail -> subject(mail).endsWith(subject))
                .findFirst()
                .orElseThrow();
    }

    private static List<MimeMessage> mails(String address) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .filter(mail -> recipient(mail).equals(address))
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String recipient(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(MimeMessage mail) throws Exception {
        return ((jakarta.mail.internet.MimeMultipart) mail.getContent())
                .getBodyPart(0)
                .getContent()
                .toString();
    }
}
