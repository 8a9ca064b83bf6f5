package io.countersign.identity.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which passwords people may have. */
class PasswordsTest extends ServerTest {

    private static final String LONGEST = "x".repeat(72);

    @ParameterizedTest
    @ValueSource(strings = {"x", "é"})
    void a_password_of_more_bytes_than_are_hashed_is_refused(String letter) {
        String tooLong = letter.equals("x") ? LONGEST + "x" : letter.repeat(37);
        String person = given.person("person");
        Visitor visitor = new Visitor(server());
        visitor.signIn(person);

        String token = invite(given.unique("new")).at("/invitation/link").replaceFirst(".*=", "");
        Client.Answer chosen = anonymous().post("/api/v1/auth/invitation", Map.of("token", token, "password", tooLong));
        Client.Answer changed =
                as(person).put("/api/v1/auth/password", Map.of("current_password", "demo", "new_password", tooLong));
        Visitor.Answer page = visitor.submit(
                "/settings/profile",
                "/settings/profile/password",
                Map.of("current_password", "demo", "new_password", tooLong, "new_password_again", tooLong));

        chosen.expectProblem(422, "invalid_input");
        assertThat(chosen.at("/errors/0/field")).isEqualTo("password");
        assertThat(chosen.at("/errors/0/message")).contains("at most 72 bytes");
        changed.expectProblem(422, "invalid_input");
        assertThat(changed.at("/errors/0/field")).isEqualTo("new_password");
        assertThat(page.expect(422).text()).contains("at most 72 bytes");
    }

    @Test
    void the_longest_password_signs_in_and_a_longer_one_does_not_fail() {
        String name = given.unique("new");
        Fixtures.acceptInvitation(anonymous(), invite(name), LONGEST);

        signIn(name, LONGEST).expect(200);
        signIn(name, "y".repeat(100_000)).expectProblem(401, "bad_credentials");
    }

    private Client.Answer signIn(String name, String password) {
        return anonymous().post("/api/v1/auth/login", Map.of("username", name, "password", password));
    }

    private static Client.Answer invite(String name) {
        return as("superadmin")
                .post("/api/v1/users", Map.of("id", name, "display_name", "New"))
                .expect(201);
    }
}
