package io.countersign.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The next version of the application: a model that names a new bean, that bean, and a migration. */
final class NextVersion {

    static final String MODEL = "carry-out";

    private static final Path BEAN = Path.of("io/countersign/harness/next/AnnounceChange.class");

    private NextVersion() {}

    /** @return what to put before this version's classes */
    static Path write(Path directory) throws IOException {
        for (String folder : List.of("bpmn", "forms")) {
            copy(Path.of(folder), directory.resolve(folder));
        }
        Path model = directory.resolve("bpmn").resolve(MODEL + ".bpmn");
        String present = Files.readString(model);
        String next = present.replace("${applyChange}", "${announceChange}");
        if (next.equals(present)) {
            throw new IllegalStateException("The model has changed; this needs to follow");
        }
        Files.writeString(model, next);

        Path bean = directory.resolve(BEAN);
        Files.createDirectories(bean.getParent());
        Files.copy(Path.of("target/test-classes").resolve(BEAN), bean);

        Path migration = directory.resolve("db/migration/V900__next.sql");
        Files.createDirectories(migration.getParent());
        Files.writeString(migration, """
                create table cluster_announcements (cluster_id uuid primary key references clusters, announced_at timestamptz);
                comment on table cluster_announcements is 'When changes of clusters were announced; none before this version.';
                """);
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
