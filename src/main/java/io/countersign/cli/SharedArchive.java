package io.countersign.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * The archive of loaded classes that lets the Java runtime start in half the time. The launcher makes it in the
 * background with {@link Training} and uses it while it is there; the runtime ignores one that does not fit, silently
 * and for ever, so one that got stale is discarded here and made anew at the next start.
 */
final class SharedArchive {

    private SharedArchive() {}

    /** Gives up the archive that the launcher named if it was made by another runtime or from other classes. */
    static void discardIfStale() {
        String archive = System.getProperty("countersign.archive");
        if (archive == null) {
            return;
        }
        Path key = keyOf(Path.of(archive));
        try {
            if (Files.exists(key) && !Files.readString(key).equals(key())) {
                // The archive itself may be in use, which keeps it from being deleted on Windows; the key counts.
                Files.delete(key);
            }
        } catch (IOException e) {
            // Not ours to delete, or deleted by another: it costs time, never the result.
        }
    }

    /** Notes beside an archive that is being made what it is made from. */
    static void describe(Path archive) throws IOException {
        Files.writeString(keyOf(archive), key());
    }

    private static Path keyOf(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".key");
    }

    private static String key() throws IOException {
        StringJoiner key = new StringJoiner("\n");
        key.add(System.getProperty("java.vm.version")).add(System.getProperty("java.home"));
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(element);
            key.add(element + " " + Files.size(jar) + " "
                    + Files.getLastModifiedTime(jar).toMillis());
        }
        return key.toString();
    }
}
