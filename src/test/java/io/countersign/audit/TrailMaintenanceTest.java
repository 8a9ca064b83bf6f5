package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.countersign.ServerTest;
import io.countersign.chain.Anchor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

class TrailMaintenanceTest extends ServerTest {

    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    private Path directory;

    @Autowired
    private Sealer sealer;

    @Test
    void server_seals_on_its_own() {
        given.organization();

        await().until(() -> as("superadmin")
                .get("/api/v1/audit?limit=1")
                .expect(200)
                .json()
                .at("/items/0/hash")
                .isTextual());
    }

    @Test
    void newest_hash_is_anchored_when_the_server_stops() throws IOException {
        Path file = directory.resolve("anchors").resolve("anchors.txt");
        given.organization();
        TrailMaintenance keeper = keeper(NEVER, new AnchorFile(file.toString()));

        keeper.start();
        keeper.stop();

        assertThat(Files.readAllLines(file)).singleElement().satisfies(line -> {
            Anchor anchor = Anchor.find(line).orElseThrow();
            assertThat(as("superadmin")
                            .get("/api/v1/audit/verification?anchor=" + anchor.sequence() + ":" + anchor.hash())
                            .expect(200)
                            .at("/anchors_met"))
                    .isEqualTo("1");
        });
        assertThat(keeper.isRunning()).isFalse();
    }

    @Test
    void newest_hash_is_anchored_every_interval_and_again_after_a_failure() {
        List<Anchor> kept = new CopyOnWriteArrayList<>();
        AtomicBoolean broken = new AtomicBoolean(true);
        TrailMaintenance keeper = keeper(Duration.ofMillis(50), (anchor, at) -> {
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("out of order");
            }
            kept.add(anchor);
        });
        given.organization();

        keeper.start();
        try {
            await().until(() -> !kept.isEmpty());
        } finally {
            keeper.stop();
        }

        assertThat(kept).doesNotHaveDuplicates();
    }

    @Test
    void file_gets_one_line_for_each_anchor() throws IOException {
        Path file = directory.resolve("anchors.txt");
        AnchorFile keeper = new AnchorFile(file.toString());
        Anchor first = new Anchor(1, "a".repeat(64));
        Anchor second = new Anchor(2, "b".repeat(64));

        keeper.keep(first, Instant.parse("2025-06-01T12:00:00Z"));
        keeper.keep(second, Instant.parse("2025-06-01T13:00:00Z"));
        new AnchorFile("").keep(second, Instant.now());

        assertThat(Files.readAllLines(file))
                .containsExactly("2025-06-01T12:00:00Z " + first, "2025-06-01T13:00:00Z " + second);
    }

    @Test
    void file_that_cannot_be_written_is_told() {
        AnchorFile keeper = new AnchorFile(directory.toString());

        assertThatThrownBy(() -> keeper.keep(new Anchor(1, "a".repeat(64)), Instant.now()))
                .isInstanceOf(UncheckedIOException.class);
    }

    private TrailMaintenance keeper(Duration anchorInterval, AnchorKeeper keeper) {
        return new TrailMaintenance(sealer, List.of(keeper), Clock.systemUTC(), Duration.ofSeconds(1), anchorInterval);
    }
}
