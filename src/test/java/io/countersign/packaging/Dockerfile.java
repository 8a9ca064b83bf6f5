package io.countersign.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code deploy/Dockerfile} says.
 *
 * @param instructions each as one line, without comments
 */
record Dockerfile(List<String> instructions) {

    static Dockerfile read() {
        try {
            String text = Files.readString(Path.of("deploy/Dockerfile"))
                    .replaceAll("(?m)^\\s*#.*\\R", "")
                    .replaceAll("\\\\\\R\\s*", " ");
            return new Dockerfile(text.lines().filter(line -> !line.isBlank()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return where the last instruction of a kind stands, -1 if there is none */
    int last(String kind) {
        int last = -1;
        for (int i = 0; i < instructions.size(); i++) {
            last = instructions.get(i).startsWith(kind + " ") ? i : last;
        }
        return last;
    }

    /** @return what follows the keyword in the last instruction of a kind */
    String argument(String kind) {
        return instructions.get(last(kind)).substring(kind.length()).trim();
    }

    /** @return the commands of the first {@code RUN} that has a word in it, as a shell takes them */
    String commands(String word) {
        return instructions.stream()
                .filter(line -> line.startsWith("RUN ") && line.contains(word))
                .findFirst()
                .orElseThrow()
                .replaceFirst("^RUN +(--mount=\\S+ +)*", "");
    }

    /** @return the layers that the image consists of, the lowest first */
    List<String> layers() {
        return instructions.stream()
                .filter(line -> line.startsWith("COPY --from=build"))
                .map(line -> line.replaceFirst("COPY --from=build /layers/([a-z-]+)/ .*", "$1"))
                .toList();
    }
}
