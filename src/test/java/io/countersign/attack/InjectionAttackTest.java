package io.countersign.attack;

import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.identity.ProjectRole;
import io.countersign.notification.MailTest;
import jakarta.mail.Header;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type is shown as they typed it: it is no markup, no template, no expression, no header and no YAML. */
class InjectionAttackTest extends MailTest {

    /** Anything that evaluates it makes 99400891 of it. */
    private static final String EXPRESSIONS =
            "${9973*9967}#{9973*9967}*{9973*9967}@{/x(y=${9973*9967})}__${9973*9967}__[[${9973*9967}]][(${9973*9967})]"
                    + "${T(java.lang.Runtime).getRuntime()}{{9973*9967}}<%= 9973*9967 %>=9973*9967";

    private static final String MARKUP =
            "<script>alert(1)</script><img src=x onerror=alert(1)>'\"><a href=javascript:alert(1)>";

    private static final String EVIL = EXPRESSIONS + MARKUP;

    @Test
    void name_and_comment_of_a_person_travel_through_mail_and_pages_as_they_are() throws Exception {
        Org org = given.organization();
        rename(org.admin(), "Eve " + EVIL + "\r\nBcc: evil@example.org\r\n\r\nApprove: https://evil.example/");
        String approval = submit(org);

        MimeMessage asked = awaitMail(org.owner(), "Approval needed");
        assertHarmless(asked, org.owner());
        as(org.admin())
                .post("/api/v1/approvals/" + approval + "/comments", Map.of("text", "Please " + EVIL))
                .expect(201);
        MimeMessage comment = awaitMail(org.owner(), "Comment");
        assertHarmless(comment, org.owner());
        assertThat(text(comment)).contains(EXPRESSIONS);

        Visitor owner = new Visitor(server());
        owner.signIn(org.owner());
        for (String page : List.of(
                "/approvals/" + approval,
                "/inbox",
                "/notification/approval?token=" + tokens(asked).get(0))) {
            Visitor.Answer answer = owner.get(page).expect(200);
            assertHarmless(answer.text());
            assertThat(answer.text()).as(page).contains("Eve ${9973*9967}");
        }
        Visitor admin = new Visitor(server());
        admin.signIn(org.admin());
        assertHarmless(admin.get("/settings/profile").expect(200).text());
    }

    @Test
    void reason_of_a_rejection_travels_through_mail_pages_and_engine_as_it_is() throws Exception {
        Org org = given.organization();
        String approval = submit(org);
        as(org.owner())
                .post(stage(org, approval) + "/reject", Map.of("comment", EVIL + "\r\nBcc: evil@example.org"))
                .expect(200);

        MimeMessage told = awaitMail(org.admin(), "Rejected");
        assertHarmless(told, org.admin());
        assertThat(text(told)).contains(EXPRESSIONS);
        Visitor admin = new Visitor(server());
        admin.signIn(org.admin());
        assertHarmless(admin.get("/approvals/" + approval).expect(200).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${9973*9967}",
                "#{9973*9967}",
                "a\": evil",
                "a\nkind: Secret",
                "---",
                "&a",
                "*a",
                "!!java.net.URL [x]",
                "{{x}}",
                "../../etc/passwd",
                "a/../b",
                "<b>",
                "a\r\nBcc: x@example.org",
                "a%0d%0ab",
                "a b",
                "A",
                "ａ",
                "a\u202eb"
            })
    void what_names_things_in_manifests_takes_no_such_text_at_all(String evil) {
        Org org = given.organization();
        String owner = given.person("owner");
        String project = given.project(owner);

        for (String field : List.of("name", "provider", "region", "kubernetes_version")) {
            Map<String, Object> request = body(given.unique("c"));
            request.put(field, evil);
            as(org.admin()).post(clusters(org.id()), request).expectProblem(422, "invalid_input");
        }
        Map<String, Object> group = io.countersign.cluster.ClusterFixtures.nodeGroup("workers");
        for (Map<String, String> labels : List.of(Map.of("tier", evil), Map.of(evil, "x"))) {
            if (!labels.containsKey("A") && !labels.containsValue("A")) {
                group.put("labels", labels);
                Map<String, Object> request = body(given.unique("c"));
                request.put("node_groups", List.of(group));
                as(org.admin()).post(clusters(org.id()), request).expectProblem(422, "invalid_input");
            }
        }
        Map<String, Object> named = body(given.unique("c"));
        named.put("node_groups", List.of(io.countersign.cluster.ClusterFixtures.nodeGroup(evil)));
        as(org.admin()).post(clusters(org.id()), named).expectProblem(422, "invalid_input");
        as(owner)
                .post("/api/v1/projects/" + project + "/domains", Map.of("id", "shop", "host", evil + ".example.com"))
                .expectProblem(422, "invalid_input");
        as(owner)
                .post("/api/v1/projects/" + project + "/teams", Map.of("id", evil, "name", "x"))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void free_text_is_one_value_of_the_manifest_whatever_it_looks_like() throws Exception {
        List<String> values = List.of(
                "\": evil",
                "'}: - evil",
                "x # comment",
                "--- x",
                "&anchor",
                "*anchor",
                "!!java.lang.Runtime x",
                "| x",
                "> x",
                "{{ .Values.x }}",
                "yes",
                "null",
                "0x1F",
                "1e3",
                EXPRESSIONS);
        String owner = given.person("owner");
        String project = given.project(owner);
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String approver = given.member(project, ProjectRole.APPROVER, "web");
        String path = "/api/v1/projects/" + project;
        as(owner)
                .post(path + "/domains", Map.of("id", "shop", "host", project + ".example.com"))
                .expect(201);
        List<Map<String, String>> headers = new ArrayList<>();
        for (int n = 0; n < values.size(); n++) {
            headers.add(Map.of("name", "x-" + n, "value", values.get(n)));
        }
        Map<String, Object> route = new HashMap<>(Map.of(
                "name",
                "cart",
                "path",
                "/cart",
                "methods",
                List.of("GET"),
                "backend",
                Map.of("service", "cart", "port", 80),
                "headers",
                headers));
        Client.Answer submitted =
                as(editor).post(path + "/domains/shop/routes", route).expect(202);
        String approval = submitted.at("/approval_id");
        String task = as(approver)
                .get("/engine-rest/task?processVariables=approvalId_eq_" + approval)
                .expect(200)
                .at("/0/id");
        assertThat(as(approver)
                        .get("/engine-rest/task/" + task + "/form-variables?deserializeValues=false")
                        .expect(200)
                        .text())
                .as("what Tasklist shows")
                .contains("${9973*9967}")
                .doesNotContain("99400891");
        String stage =
                as(owner).get("/api/v1/approvals/" + approval).expect(200).at("/stages/0/id");
        as(approver)
                .post("/api/v1/approvals/" + approval + "/stages/" + stage + "/approve", Map.of())
                .expect(200);

        as(editor)
                .post(path + "/routes/" + submitted.at("/id") + "/deploy", null)
                .expect(202);

        Path manifest = MANIFESTS.resolve(project).resolve("httproute-shop.cart.yaml");
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(manifest));
        List<JsonNode> documents = new ArrayList<>();
        try (var parser = new YAMLMapper().getFactory().createParser(manifest.toFile())) {
            new ObjectMapper()
                    .readerFor(JsonNode.class)
                    .<JsonNode>readValues(parser)
                    .forEachRemaining(documents::add);
        }
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0).at("/kind").asText()).isEqualTo("HTTPRoute");
        List<String> written = new ArrayList<>();
        documents
                .get(0)
                .at("/spec/rules/0/matches/0/headers")
                .forEach(header -> written.add(header.get("value").asText()));
        assertThat(written).containsExactlyInAnyOrderElementsOf(values);
        documents
                .get(0)
                .at("/spec/rules/0/matches/0/headers")
                .forEach(header -> assertThat(header.get("value").isTextual()).isTrue());

        route.put("headers", List.of(Map.of("name", "x-tier", "value", "gold\nevil: true")));
        as(editor).put(path + "/routes/" + submitted.at("/id"), route).expectProblem(422, "invalid_input");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"' or '1'='1", "x'; drop table users; --", "%", "\\", "1) or (1=1", "${9973*9967}", "$1", "?"})
    void filters_are_values_and_no_sql(String evil) {
        String stranger = given.person("stranger");
        String encoded = java.net.URLEncoder.encode(evil, java.nio.charset.StandardCharsets.UTF_8);

        for (String list : List.of(
                "/api/v1/approvals?status=",
                "/api/v1/approvals?entityType=",
                "/api/v1/audit?actor=",
                "/api/v1/audit?entity_id=",
                "/api/v1/audit?cursor=",
                "/api/v1/approvals?cursor=")) {
            Client.Answer answer = as(stranger).get(list + encoded);
            assertThat(answer.status()).as(list).isIn(200, 404, 422);
            if (answer.status() == 200) {
                assertThat(answer.json().get("items")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01T00:00:00Z|x",
                "2024-01-01T00:00:00Z|' or '1'='1",
                "2024-01-01T00:00:00Z|a\u0000b",
                "+1000000000-12-31T23:59:59Z|1",
                "-999999999-01-01T00:00:00Z|1"
            })
    void a_cursor_that_the_list_cannot_have_returned_is_invalid_input(String evil) {
        Org org = given.organization();
        String owner = given.person("owner");
        String project = "/api/v1/projects/" + given.project(owner);
        String superadmin = given.superadmin();
        String cursor = "?cursor=" + cursor(evil);

        for (String list : List.of("/audit", "/approvals", "/archive/approvals", "/orchestrators", "/tenants")) {
            assertForeign(as(superadmin).get("/api/v1" + list + cursor), list);
        }
        assertForeign(as(org.owner()).get("/api/v1/approvals" + cursor + "&decidable=true"), "decidable");
        assertForeign(as(org.owner()).get(clusters(org.id()) + cursor), "clusters");
        for (String list : List.of("/routes", "/clients", "/attachments")) {
            assertForeign(as(owner).get(project + list + cursor), list);
        }
        if (!evil.startsWith("2024-01-01T00:00:00Z|") || evil.contains("\u0000")) {
            assertForeign(as(owner).get(project + "/domains" + cursor), "domains");
        }
    }

    @Test
    void a_cursor_of_the_trail_is_none_of_the_approvals_and_the_other_way_round() {
        String superadmin = given.superadmin();
        String numbered = cursor("2024-01-01T00:00:00Z|42");
        String uuid = cursor("2024-01-01T00:00:00Z|" + java.util.UUID.randomUUID());

        as(superadmin).get("/api/v1/audit?cursor=" + numbered).expect(200);
        as(superadmin).get("/api/v1/approvals?cursor=" + uuid).expect(200);
        assertForeign(as(superadmin).get("/api/v1/approvals?cursor=" + numbered), "approvals");
        assertForeign(as(superadmin).get("/api/v1/audit?cursor=" + uuid), "audit");
    }

    private static String cursor(String text) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void assertForeign(Client.Answer answer, String list) {
        assertThat(answer.status()).as(list).isEqualTo(422);
        answer.expectProblem(422, "invalid_input");
        assertThat(answer.at("/errors/0/field")).isEqualTo("cursor");
    }

    private String submit(Org org) {
        return as(org.admin())
                .post(clusters(org.id()), body(given.unique("c")))
                .expect(201)
                .at("/approval_id");
    }

    private String stage(Org org, String approval) {
        String path = "/api/v1/approvals/" + approval;
        return path + "/stages/" + as(org.owner()).get(path).expect(200).at("/stages/0/id");
    }

    private void rename(String person, String name) {
        jdbc.sql("update users set display_name = ? where id = ?")
                .params(name, person)
                .update();
    }

    private static void assertHarmless(MimeMessage mail, String recipient) throws Exception {
        List<String> headers = Collections.list(mail.getAllHeaders()).stream()
                .map(Header::getName)
                .toList();
        assertThat(headers).doesNotContain("Bcc", "Cc").doesNotHaveDuplicates();
        assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly(address(recipient));
        assertThat(mail.getSubject()).doesNotContain("\n").doesNotContain("\r").doesNotContain("99400891");
        assertThat(text(mail)).doesNotContain("99400891").doesNotContainPattern("(?m)^(Bcc|Approve: https://evil)");
        assertHarmless(html(mail));
    }

    private static void assertHarmless(String html) {
        assertThat(html)
                .doesNotContain("99400891")
                .doesNotContain("<script>alert")
                .doesNotContain("<img src=x")
                .doesNotContain("<a href=javascript");
    }
}
