package io.countersign.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * The archive of loaded classes that halves the Java runtime's start-up time. The launcher builds it in the background
 * with {@link Training} and uses it while it exists. The runtime silently ignores one that does not match, so a stale
 * one is discarded here and rebuilt at the next start.
 */
final class SharedArchive {

    private SharedArchive() {}

    /** Discards the launcher's archive if it was built by another runtime or from other classes. */
    static void discardIfStale() {
        String archive = System.getProperty("countersign.archive");
        if (archive == null) {
            return;
        }
        Path key = keyOf(Path.of(archive));
        try {
            if (Files.exists(key) && !Files.readString(key).equals(key())) {
                // The archive itself may be in use, and Windows then refuses to delete it; deleting the key is enough.
                Files.delete(key);
            }
        } catch (IOException e) {
            // Not ours to delete, or another process deleted it: this costs time but changes no result.
        }
    }

    /** Records next to a new archive what it is built from. */
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
