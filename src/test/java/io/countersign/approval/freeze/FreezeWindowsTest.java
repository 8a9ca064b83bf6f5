package io.countersign.approval.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.countersign.ProcessTest;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which window holds at a moment. */
class FreezeWindowsTest extends ProcessTest {

    @Autowired
    private Freezes freezes;

    @Autowired
    private JdbcClient jdbc;

    private UserId owner;
    private Scope scope;

    @BeforeEach
    void project() {
        owner = new UserId(given.person("owner"));
        scope = Scope.project(given.project(owner.value()));
    }

    @Test
    void window_to_come_holds_nothing_yet() {
        add(Instant.now().plus(Duration.ofHours(1)), Duration.ofHours(2));

        assertThat(freezes.inForce(scope)).isEmpty();
        assertThat(freezes.endIn(scope)).isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void of_several_windows_that_which_ends_last_holds() {
        add(null, Duration.ofHours(1));
        Freeze last = add(null, Duration.ofHours(3));
        add(null, Duration.ofHours(2));
        add(Instant.now().plus(Duration.ofHours(1)), Duration.ofHours(5));

        assertThat(freezes.inForce(scope).orElseThrow().id()).isEqualTo(last.id());
        assertThat(freezes.endIn(scope)).isCloseTo(last.endsAt(), within(1, ChronoUnit.SECONDS));

        freezes.lift(owner, scope, last.id(), "over");
        assertThat(freezes.inForce(scope).orElseThrow().id()).isNotEqualTo(last.id());
    }

    @Test
    void window_that_is_over_holds_nothing() {
        Freeze freeze = add(null, Duration.ofHours(1));
        jdbc.sql("update freezes set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 second'"
                        + " where id = ?")
                .param(freeze.id())
                .update();

        assertThat(freezes.inForce(scope)).isEmpty();
    }

    @Test
    void window_that_begins_as_it_is_set_holds_also_where_the_clock_is_late() {
        Freeze freeze = add(null, Duration.ofHours(1));

        jdbc.sql("update freezes set starts_at = starts_at + interval '1 minute', created_at = created_at + interval"
                        + " '1 minute' where id = ?")
                .param(freeze.id())
                .update();

        assertThat(freezes.inForce(scope)).isPresent();
    }

    private Freeze add(Instant from, Duration length) {
        return freezes.add(owner, scope, from, (from == null ? Instant.now() : from).plus(length), "Sale");
    }
}
