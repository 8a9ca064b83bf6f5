package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;

/**
 * The tokens stored by {@code auth login}, each under the server that issued it: a token is never sent to another
 * server. Only the person can read the file.
 */
final class CredentialsFile {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;
    private ObjectNode content;

    CredentialsFile(Path file) {
        this.file = file;
    }

    /**
     * The stored entry of one server.
     *
     * @param username who signed in
     * @param token the bearer token
     * @param organization the one chosen with {@code org use}
     */
    record Entry(String username, String token, Optional<String> organization) {}

    /** @return the person's file: {@code COUNTERSIGN_CONFIG}, or the platform's place for such files */
    static Path locate(Terminal terminal) {
        Optional<String> chosen = terminal.variable("COUNTERSIGN_CONFIG");
        if (chosen.isPresent()) {
            return Path.of(chosen.get());
        }
        Optional<String> roaming = terminal.variable("APPDATA");
        if (roaming.isPresent()
                && System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return Path.of(roaming.get(), "Countersign", "credentials.json");
        }
        Path config = terminal.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() ->
                        Path.of(terminal.variable("HOME").orElseGet(() -> System.getProperty("user.home")), ".config"));
        return config.resolve("countersign").resolve("credentials.json");
    }

    /** @return the server signed in to last */
    Optional<String> currentServer() {
        return text(content(), "current");
    }

    Optional<Entry> entry(String server) {
        JsonNode entry = content().path("servers").path(server);
        return text(entry, "token")
                .map(token -> new Entry(text(entry, "username").orElse(""), token, text(entry, "organization")));
    }

    /** Stores a new token and makes its server current; keeps the chosen organization if the person is the same. */
    void signIn(String server, String username, String token, String expiresAt) {
        Optional<String> organization =
                entry(server).filter(old -> old.username().equals(username)).flatMap(Entry::organization);
        ObjectNode entry = content().withObjectProperty("servers").putObject(server);
        entry.put("username", username).put("token", token).put("expires_at", expiresAt);
        organization.ifPresent(chosen -> entry.put("organization", chosen));
        content().put("current", server);
        save();
    }

    /** Removes a server's token. */
    void signOut(String server) {
        content().withObjectProperty("servers").remove(server);
        save();
    }

    /** Remembers the organization to work in. */
    void useOrganization(String server, String organization) {
        content().withObjectProperty("servers").withObjectProperty(server).put("organization", organization);
        save();
    }

    private ObjectNode content() {
        if (content == null) {
            content = load();
        }
        return content;
    }

    private ObjectNode load() {
        try {
            if (Json.read(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return object;
            }
        } catch (NoSuchFileException e) {
            return Json.object();
        } catch (IOException e) {
            throw new Failure(ExitCode.REFUSED, "cannot read " + file + ": " + e.getMessage());
        }
        throw new Failure(ExitCode.REFUSED, file + " is not a credentials file; delete it and sign in again");
    }

    private void save() {
        Path target = file.toAbsolutePath();
        try {
            Files.createDirectories(target.getParent(), onlyOwner("rwx------"));
            // Created with its permissions, then moved into place: nobody else can ever read it, and nobody sees a
            // partial file.
            Path temporary = Files.createTempFile(target.getParent(), ".credentials", ".json", onlyOwner("rw-------"));
            try {
                Files.write(temporary, Json.pretty(content).getBytes(StandardCharsets.UTF_8));
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.REFUSED, "cannot write " + file + ": " + e.getMessage());
        }
    }

    /** On Windows, the person's profile is private already. */
    private static FileAttribute<?>[] onlyOwner(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static Optional<String> text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }
}
