package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.api.problem.ErrorCode;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.throttle.SignInThrottle;
import io.countersign.identity.throttle.TooManyAttempts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Passwords and client secrets cannot be guessed, and guessing tells nothing about who exists and locks nobody out. */
class SignInAttackTest extends ServerTest {

    private static final int FREE = 5;

    @Autowired
    SignInThrottle throttle;

    @Autowired
    People people;

    /** Where names and secrets are asked for. */
    enum Door {
        FORM {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.signIn(name, secret);
            }

            @Override
            boolean refused(Visitor.Answer answer) {
                return answer.status() == 302 && answer.location().equals("/login?error");
            }
        },
        API {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.send(
                        "POST",
                        "/api/v1/auth/login",
                        "application/json",
                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, secret));
            }
        },
        BASIC {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.get("/api/v1/auth/me", "Authorization", basic(name, secret));
            }
        },
        ENGINE_REST {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.get("/engine-rest/task", "Authorization", basic(name, secret));
            }
        },
        MONITORING {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.get("/actuator/info", "Authorization", basic(name, secret));
            }
        },
        TOKEN_ENDPOINT {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.post(
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials"),
                        "Authorization",
                        basic(name, secret));
            }
        },
        TOKEN_ENDPOINT_BY_POST {
            @Override
            Visitor.Answer knock(Visitor visitor, String name, String secret) {
                return visitor.post(
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials", "client_id", name, "client_secret", secret));
            }
        };

        abstract Visitor.Answer knock(Visitor visitor, String name, String secret);

        boolean refused(Visitor.Answer answer) {
            return answer.status() == 401;
        }

        private static String basic(String name, String secret) {
            return "Basic "
                    + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void guessing_is_refused_after_five_failures_and_tells_nothing_of_who_exists(Door door) {
        Caller existing = caller(door);
        Visitor visitor = new Visitor(server());
        Visitor other = new Visitor(server());
        String nobody = given.unique("nobody");

        for (int guess = 0; guess < FREE; guess++) {
            assertThat(door.refused(door.knock(visitor, existing.name(), "guess")))
                    .isTrue();
            assertThat(door.refused(door.knock(other, nobody, "guess"))).isTrue();
        }
        Visitor.Answer locked = door.knock(visitor, existing.name(), existing.secret());
        Visitor.Answer lockedNobody = door.knock(other, nobody, "guess");

        assertThat(locked.status()).as(locked.text()).isEqualTo(429);
        assertThat(locked.header("retry-after")).isPresent();
        assertThat(lockedNobody.status()).isEqualTo(429);
        assertThat(withoutTokens(lockedNobody)).isEqualTo(withoutTokens(locked));
        assertThat(lockedNobody.header("retry-after")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void wrong_secret_and_unknown_name_are_answered_alike(Door door) {
        Caller existing = caller(door);

        Visitor.Answer wrong = door.knock(new Visitor(server()), existing.name(), "guess");
        Visitor.Answer unknown = door.knock(new Visitor(server()), given.unique("nobody"), "guess");

        assertThat(door.refused(wrong)).isTrue();
        assertThat(unknown.status()).isEqualTo(wrong.status());
        assertThat(withoutTokens(unknown)).isEqualTo(withoutTokens(wrong));
    }

    @Test
    void unknown_name_costs_as_much_time_as_a_wrong_password() {
        // Their password is hashed at full cost, unlike those of people whom tests make.
        UserId person = new UserId(given.unique("victim"));
        people.insert(new Person(person, "Victim", null, false, false, false), "demo");
        long known = median(person.value());
        long unknown = median(given.unique("nobody"));

        assertThat(unknown).isGreaterThan(known / 3);
    }

    @Test
    void unknown_client_costs_as_much_time_as_a_wrong_secret() {
        Caller client = caller(Door.TOKEN_ENDPOINT);

        long known = median(Door.TOKEN_ENDPOINT, client.name());
        long unknown = median(Door.TOKEN_ENDPOINT, given.unique("nobody"));

        assertThat(unknown).isGreaterThan(known / 3);
    }

    @Test
    void guessing_from_elsewhere_does_not_lock_a_person_out_of_where_they_sign_in() {
        String victim = given.person("victim");
        Visitor home = new Visitor(server());
        home.signIn(victim);

        for (int guess = 0; guess < 21; guess++) {
            Door.API.knock(new Visitor(server()), victim, "guess");
        }

        assertThat(Door.API.knock(new Visitor(server()), victim, "demo").status())
                .as("a new address has to wait")
                .isEqualTo(429);
        assertThat(Door.API
                        .knock(new Visitor(server()).from(home.address()), victim, "demo")
                        .status())
                .as("a known one has not")
                .isEqualTo(200);
    }

    @Test
    void one_address_that_tries_many_names_is_refused() {
        Visitor visitor = new Visitor(server());
        String person = given.person("person");

        for (int guess = 0; guess < 30; guess++) {
            assertThat(Door.API.knock(visitor, given.person("victim"), "demo1").status())
                    .isEqualTo(401);
        }

        assertThat(Door.API.knock(visitor, person, "demo").status()).isEqualTo(429);
        assertThat(Door.API.knock(new Visitor(server()), person, "demo").status())
                .isEqualTo(200);
    }

    @Test
    void addresses_of_one_ipv6_network_are_one() {
        String victim = given.person("victim");
        String customer = "2001:db8:%x:%x".formatted(random(), random());

        for (int guess = 0; guess < FREE; guess++) {
            assertThat(Door.API
                            .knock(new Visitor(server()).from(customer + "::" + (guess + 1)), victim, "guess")
                            .status())
                    .isEqualTo(401);
        }

        assertThat(Door.API
                        .knock(new Visitor(server()).from(customer + ":ffff:ffff:ffff:ffff"), victim, "demo")
                        .status())
                .isEqualTo(429);
        assertThat(Door.API
                        .knock(
                                new Visitor(server()).from("2001:db8:%x:%x::1".formatted(random(), random())),
                                victim,
                                "demo")
                        .status())
                .as("another customer's")
                .isEqualTo(200);
    }

    private static int random() {
        return ThreadLocalRandom.current().nextInt(0x10000);
    }

    @Test
    void guess_made_while_others_fail_does_not_count_even_if_it_is_right() {
        String name = given.person("victim");
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(new Visitor(server()).address());
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        try {
            assertThatThrownBy(() -> throttle.attempt(SignInThrottle.Door.USER, name, () -> true, () -> {
                        for (int guess = 0; guess < FREE; guess++) {
                            assertThatThrownBy(
                                            () -> throttle.attempt(SignInThrottle.Door.USER, name, () -> true, () -> {
                                                throw new BadCredentialsException("wrong");
                                            }))
                                    .isInstanceOf(BadCredentialsException.class);
                        }
                        return "right";
                    }))
                    .isInstanceOf(TooManyAttempts.class);
        } finally {
            RequestContextHolder.resetRequestAttributes();
        }
    }

    @Test
    void right_password_before_the_limit_starts_the_count_anew() {
        String person = given.person("person");
        Visitor visitor = new Visitor(server());

        for (int round = 0; round < 3; round++) {
            for (int guess = 0; guess < FREE - 1; guess++) {
                assertThat(Door.API.knock(visitor, person, "typo").status()).isEqualTo(401);
            }
            assertThat(Door.API.knock(visitor, person, "demo").status()).isEqualTo(200);
        }
    }

    @Test
    void failures_are_logged_and_blocks_are_in_the_trail_but_no_password_that_was_typed_as_a_name() throws Exception {
        String victim = given.person("victim");
        Visitor visitor = new Visitor(server());

        List<String> log = Log.of(() -> {
            Door.API.knock(visitor, "S3cret-typed-as-a-name", "x");
            for (int guess = 0; guess < FREE; guess++) {
                Door.API.knock(visitor, victim, "guess");
            }
        });

        assertThat(log)
                .anyMatch(line -> line.contains("event=sign_in outcome=failed user=" + victim)
                        && line.contains("address=" + visitor.address()))
                .anyMatch(line -> line.contains("event=sign_in outcome=blocked") && line.contains(victim))
                .anyMatch(line -> line.contains("event=sign_in outcome=failed user=(unknown)"))
                .noneMatch(line -> line.contains("S3cret-typed-as-a-name"));
        Client.Answer trail = as("superadmin")
                .get("/api/v1/audit?entity_type=user&entity_id=" + victim)
                .expect(200);
        assertThat(trail.at("/items/0/action")).isEqualTo("block_sign_in");
    }

    @Test
    void present_password_of_a_stolen_token_or_an_open_session_cannot_be_guessed() {
        String victim = given.person("victim");
        Visitor program = new Visitor(server()).with("Authorization", "Bearer " + token(victim));
        Visitor browser = new Visitor(server());
        browser.signIn(victim);

        for (int guess = 0; guess < FREE; guess++) {
            assertThat(change(program, "guess").status()).isEqualTo(422);
            assertThat(changeOnPage(browser, "guess").status()).isEqualTo(422);
        }
        Visitor.Answer refused = change(program, "demo");
        Visitor.Answer refusedPage = changeOnPage(browser, "demo");

        assertThat(refused.status()).as(refused.text()).isEqualTo(429);
        assertThat(refused.text()).contains(ErrorCode.TOO_MANY_ATTEMPTS.wireName());
        assertThat(refused.header("retry-after")).isPresent();
        assertThat(refusedPage.status()).isEqualTo(429);
        assertThat(refusedPage.text()).contains("Too many failed attempts");
        assertThat(refusedPage.header("retry-after")).isPresent();
        assertThat(Door.API.knock(new Visitor(server()), victim, "demo").status())
                .as("the password is what it was")
                .isEqualTo(200);
    }

    @Test
    void wrong_present_passwords_and_wrong_sign_ins_are_counted_together() {
        String victim = given.person("victim");
        Visitor visitor = new Visitor(server()).with("Authorization", "Bearer " + token(victim));

        for (int guess = 0; guess < FREE; guess++) {
            assertThat(change(visitor, "guess").status()).isEqualTo(422);
        }

        assertThat(Door.API.knock(visitor, victim, "demo").status()).isEqualTo(429);
    }

    private String token(String person) {
        return anonymous()
                .post("/api/v1/auth/login", Map.of("username", person, "password", "demo"))
                .expect(200)
                .at("/token");
    }

    private static Visitor.Answer change(Visitor visitor, String present) {
        return visitor.send(
                "PUT",
                "/api/v1/auth/password",
                "application/json",
                "{\"current_password\":\"%s\",\"new_password\":\"a new password\"}".formatted(present));
    }

    private static Visitor.Answer changeOnPage(Visitor visitor, String present) {
        return visitor.submit(
                "/settings/profile",
                "/settings/profile/password",
                Map.of(
                        "current_password",
                        present,
                        "new_password",
                        "a new password",
                        "new_password_again",
                        "a new password"));
    }

    private record Caller(String name, String secret) {}

    private Caller caller(Door door) {
        if (door != Door.TOKEN_ENDPOINT && door != Door.TOKEN_ENDPOINT_BY_POST) {
            return new Caller(given.person("victim"), "demo");
        }
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
        return new Caller(orchestrator.at("/client_id"), orchestrator.at("/client_secret"));
    }

    private long median(String name) {
        return median(Door.API, name);
    }

    private long median(Door door, String name) {
        long[] nanos = IntStream.range(0, 5)
                .mapToLong(n -> {
                    Visitor visitor = new Visitor(server());
                    long start = System.nanoTime();
                    assertThat(door.refused(door.knock(visitor, name, "guess"))).isTrue();
                    return System.nanoTime() - start;
                })
                .sorted()
                .toArray();
        assertThat(Duration.ofNanos(Arrays.stream(nanos).max().orElseThrow())).isLessThan(Duration.ofSeconds(30));
        return nanos[2];
    }

    /** @return a body without what differs from page to page */
    private static String withoutTokens(Visitor.Answer answer) {
        return answer.text()
                .replaceAll("name=\"_csrf\" value=\"[^\"]+\"", "")
                .replaceAll("\"timestamp\":\"[^\"]+\"", "");
    }
}
