package io.countersign.attack;

import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.identity.OrganizationRole;
import io.countersign.notification.MailTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Passwords, tokens and mailed links reach those they are for, and no log, referrer, cache or table. */
class SecretsAttackTest extends MailTest {

    @Test
    void mailed_link_decides_once_and_for_its_person_alone() {
        Org org = given.organization();
        String approval = submit(org);
        List<String> tokens = tokens(awaitMail(org.owner(), "Approval needed"));
        String approve = "/notification/approval?token=" + tokens.get(0);
        String reject = "/notification/approval?token=" + tokens.get(1);

        assertThat(new Visitor(server()).get(approve).expect(302).location()).isEqualTo("/login");
        Visitor thief = new Visitor(server());
        thief.signIn(org.admin());
        thief.get(approve).expect(403);
        thief.submit("/settings/profile", approve, Map.of("content_hash", "x")).expect(403);
        String secondOwner = given.person("owner");
        given.member(org.id(), secondOwner, OrganizationRole.OWNER);
        Visitor other = new Visitor(server());
        other.signIn(secondOwner);
        other.get(approve).expect(403);
        other.submit("/settings/profile", approve, Map.of("content_hash", "x")).expect(403);
        assertThat(status(org, approval)).isEqualTo("pending");

        Visitor owner = new Visitor(server());
        owner.signIn(org.owner());
        String page = owner.get(approve).expect(200).text();
        assertThat(status(org, approval)).as("looking decides nothing").isEqualTo("pending");
        String hash = page.replaceFirst("(?s).*name=\"content_hash\" value=\"([^\"]+)\".*", "$1");
        owner.submit(approve, approve, Map.of("content_hash", hash)).expect(200);
        assertThat(status(org, approval)).isEqualTo("approved");

        owner.get(approve).expect(410);
        owner.get(reject).expect(410);
        owner.submit("/settings/profile", reject, Map.of("content_hash", hash, "comment", "no"))
                .expect(409);
        assertThat(status(org, approval)).isEqualTo("approved");
    }

    @Test
    void page_of_a_mailed_link_tells_its_address_to_nobody() {
        Org org = given.organization();
        submit(org);
        String link = "/notification/approval?token="
                + tokens(awaitMail(org.owner(), "Approval needed")).get(0);
        Visitor owner = new Visitor(server());
        owner.signIn(org.owner());

        Visitor.Answer page = owner.get(link).expect(200);

        assertThat(page.header("referrer-policy")).hasValue("no-referrer");
        assertThat(page.header("cache-control").orElseThrow()).contains("no-store");
        assertThat(page.text()).doesNotContainPattern("(src|href)=\"(https?:)?//");
    }

    @Test
    void no_secret_is_ever_logged() throws Exception {
        Org org = given.organization();
        List<String> secrets = new ArrayList<>();
        secrets.add("wr0ng-Password-typed");

        List<String> log = Log.of(() -> {
            String token = anonymous()
                    .post("/api/v1/auth/login", Map.of("username", org.owner(), "password", "demo"))
                    .expect(200)
                    .at("/token");
            secrets.add(token);
            anonymous().post("/api/v1/auth/login", Map.of("username", org.owner(), "password", secrets.get(0)));
            withToken(token).get("/api/v1/auth/me").expect(200);
            withToken(token + "x").get("/api/v1/auth/me").expect(401);
            withToken(token).get("/api/v1/approvals/not-an-id");
            withToken(token).send("POST", clusters(org.id()), "{\"name\": \"" + token + "\"");
            Client.Answer orchestrator = as("superadmin")
                    .post(
                            "/api/v1/orchestrators",
                            Map.of(
                                    "name",
                                    given.unique("Orchestrator"),
                                    "contact_email",
                                    "orchestrator@example.com",
                                    "approval_required",
                                    true))
                    .expect(201);
            orchestrator.json().properties().forEach(field -> {
                if (field.getKey().contains("secret") || field.getKey().contains("key")) {
                    secrets.add(field.getValue().asText());
                }
            });
            secrets.add(askForToken(orchestrator.at("/client_id"), orchestrator.at("/client_secret"))
                    .expect(200)
                    .at("/access_token"));
            askForToken(orchestrator.at("/client_id"), secrets.get(0)).expect(401);
            submit(org);
            List<String> links = tokens(awaitMail(org.owner(), "Approval needed"));
            secrets.addAll(links);
            Visitor owner = new Visitor(server());
            owner.signIn(org.owner());
            secrets.add(owner.cookie(Visitor.SESSION));
            owner.get("/notification/approval?token=" + links.get(0)).expect(200);
            owner.get("/notification/approval?token=" + links.get(0) + "x").expect(404);
            owner.post("/notification/approval?token=" + links.get(0), Map.of()).expect(403);
        });

        assertThat(secrets).hasSizeGreaterThan(7).allMatch(secret -> secret.length() > 15);
        assertThat(log).as("something is logged").anyMatch(line -> line.contains(org.owner()));
        for (String secret : secrets) {
            assertThat(log).noneMatch(line -> line.contains(secret));
        }
    }

    @Test
    void no_token_is_stored_as_it_is() {
        Org org = given.organization();
        String token = anonymous()
                .post("/api/v1/auth/login", Map.of("username", org.owner(), "password", "demo"))
                .expect(200)
                .at("/token");
        submit(org);
        String link = tokens(awaitMail(org.owner(), "Approval needed")).get(0);

        for (String secret : List.of(token, link)) {
            List<String> tables = jdbc.sql("""
                            select table_name from information_schema.tables
                            where table_schema = 'countersign' and table_type = 'BASE TABLE'""").query(String.class).list();
            assertThat(tables).contains("access_tokens", "decision_links");
            for (String table : tables) {
                assertThat(jdbc.sql("select count(*) from countersign." + table + " t where t::text like ?")
                                .param("%" + secret + "%")
                                .query(Integer.class)
                                .single())
                        .as(table)
                        .isZero();
            }
        }
    }

    private String submit(Org org) {
        return as(org.admin())
                .post(clusters(org.id()), body(given.unique("c")))
                .expect(201)
                .at("/approval_id");
    }

    private static String status(Org org, String approval) {
        return as(org.owner()).get("/api/v1/approvals/" + approval).expect(200).at("/status");
    }
}
