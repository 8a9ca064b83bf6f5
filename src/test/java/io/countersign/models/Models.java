package io.countersign.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The process models of the application. */
public final class Models {

    /** A model that breaks most conventions and several rules of the linter. */
    static final Path BROKEN = Path.of("src/test/resources/models/broken.bpmn");

    private Models() {}

    /** @return every file of {@code bpmn/}, in alphabetical order; never empty */
    public static List<Path> all() {
        try (Stream<Path> files = Files.list(Path.of("bpmn"))) {
            List<Path> models = files.sorted().toList();
            if (models.isEmpty()) {
                throw new IllegalStateException("There is no model in bpmn/");
            }
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
