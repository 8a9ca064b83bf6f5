package io.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lists of people, members, comments and freeze windows come in pages. */
class ListsTest extends ServerTest {

    @Autowired
    private JdbcClient jdbc;

    @Test
    void organization_members_come_in_pages_in_the_order_of_their_names() {
        Org org = given.organization();
        List<String> crowd = crowd("crowd", 25);
        jdbc.sql("insert into members (scope, user_id, role) select 'organization:' || ?, unnest(?), 'viewer'")
                .params(org.id(), crowd.toArray(String[]::new))
                .update();
        String path = "/api/v1/orgs/" + org.id() + "/members";

        List<JsonNode> members = all(org.viewer(), path + "?limit=10", 10);

        assertThat(members).hasSize(29);
        assertThat(members)
                .extracting(member -> member.get("user").asText())
                .isSorted()
                .containsAll(crowd);
        assertThat(members)
                .filteredOn(member -> member.get("user").asText().equals(org.owner()))
                .singleElement()
                .satisfies(owner -> {
                    assertThat(owner.get("display_name").asText()).isEqualTo("Person " + org.owner());
                    assertThat(owner.get("role").asText()).isEqualTo("owner");
                });
        assertThat(as(org.viewer()).get(path).expect(200).json().get("items")).hasSize(20);
    }

    @Test
    void project_members_are_found_by_a_part_of_either_name() {
        String owner = given.person("owner");
        String project = given.project(owner);
        List<String> crowd = crowd("crowd", 25);
        jdbc.sql("""
                        insert into members (scope, user_id, role, team_id)
                        select 'project:' || ?, unnest(?), 'viewer', 'web'""").params(project, crowd.toArray(String[]::new)).update();
        jdbc.sql("update users set display_name = 'Zoë 100%_Sure' where id = ?")
                .param(crowd.get(7))
                .update();
        String path = "/api/v1/projects/" + project + "/members";

        assertThat(found(owner, path + "?q=ZO%C3%8B")).containsExactly(crowd.get(7));
        assertThat(found(owner, path + "?q=0%25_s")).containsExactly(crowd.get(7));
        assertThat(found(owner, path + "?q=" + crowd.get(3).toUpperCase())).containsExactly(crowd.get(3));
        assertThat(found(owner, path + "?q=nobody%25")).isEmpty();
        assertThat(all(owner, path + "?q=crowd&limit=10", 10)).hasSize(25);
        assertThat(as(owner).get(path + "?q=" + owner).at("/items/0/team")).isEqualTo("web");
    }

    @Test
    void superadmins_find_people_among_many() {
        List<String> crowd = crowd("crowd", 25);
        String prefix = crowd.get(0).substring(0, crowd.get(0).length() - 3);
        jdbc.sql("update users set email = ? where id = ?")
                .params(prefix + "@elsewhere.example", crowd.get(4))
                .update();

        assertThat(all("superadmin", "/api/v1/users?q=" + prefix + "&limit=10", 10))
                .extracting(person -> person.get("id").asText())
                .containsExactlyElementsOf(crowd);
        assertThat(found("superadmin", "/api/v1/users?q=" + prefix + "@ELSEWHERE"))
                .containsExactly(crowd.get(4));
        as(given.person("person")).get("/api/v1/users?q=x").expectProblem(403, "missing_permission");
    }

    @Test
    void comments_come_in_pages_the_oldest_first() {
        Org org = given.organization();
        Approval request = given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
        String path = "/api/v1/approvals/" + request.id() + "/comments";
        List<String> texts = IntStream.range(0, 7).mapToObj(n -> "Remark " + n).toList();
        texts.forEach(text -> as(org.owner()).post(path, Map.of("text", text)).expect(201));

        assertThat(all(org.admin(), path + "?limit=3", 3))
                .extracting(comment -> comment.get("text").asText())
                .containsExactlyElementsOf(texts);
    }

    @Test
    void freeze_windows_come_in_pages_the_latest_first() {
        Org org = given.organization();
        String path = "/api/v1/orgs/" + org.id() + "/freezes";
        Instant year = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
        for (int n = 0; n < 5; n++) {
            as(org.owner())
                    .post(
                            path,
                            Map.of(
                                    "starts_at",
                                    year.plus(n / 2, ChronoUnit.DAYS).toString(),
                                    "ends_at",
                                    year.plus(9, ChronoUnit.DAYS).toString(),
                                    "reason",
                                    "Window " + n))
                    .expect(201);
        }

        List<JsonNode> windows = all(org.viewer(), path + "?limit=2", 2);

        assertThat(windows)
                .extracting(window -> window.get("reason").asText())
                .doesNotHaveDuplicates()
                .hasSize(5);
        assertThat(windows.stream()
                        .map(window -> Instant.parse(window.get("starts_at").asText()))
                        .toList())
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=many",
                "cursor=x",
                "cursor=MjAyNS0wMS0wMVQwMDowMDowMFp8eA",
                "cursor=bmFtZXwA"
            })
    void malformed_parameter_of_a_list_is_named(String parameter) {
        Org org = given.organization();

        var problem = as(org.viewer())
                .get("/api/v1/orgs/" + org.id() + "/members?" + parameter)
                .expect(422);

        assertThat(problem.at("/errors/0/field")).isEqualTo(parameter.substring(0, parameter.indexOf('=')));
    }

    /** @return the names of new people, whose numbers have three digits */
    private List<String> crowd(String prefix, int size) {
        String start = given.unique(prefix) + "-";
        return jdbc.sql("""
                        insert into users (id, display_name, password_hash)
                        select ? || to_char(n, 'fm000'), 'One of many', '' from generate_series(1, ?) n
                        returning id""").params(start, size).query(String.class).list();
    }

    private static List<String> found(String reader, String path) {
        List<String> names = new ArrayList<>();
        as(reader)
                .get(path)
                .expect(200)
                .json()
                .get("items")
                .forEach(item -> names.add(
                        item.has("user")
                                ? item.get("user").asText()
                                : item.get("id").asText()));
        return names;
    }

    /** @return the items of all pages, of which all but the last are full */
    private static List<JsonNode> all(String reader, String path, int limit) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = as(reader)
                    .get(cursor.isEmpty() ? path : path + "&cursor=" + cursor)
                    .expect(200)
                    .json();
            page.get("items").forEach(items::add);
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : page.get("next_cursor").asText();
            assertThat(page.get("items").size()).isLessThanOrEqualTo(limit);
            if (cursor != null) {
                assertThat(page.get("items")).hasSize(limit);
            }
        }
        return items;
    }
}
