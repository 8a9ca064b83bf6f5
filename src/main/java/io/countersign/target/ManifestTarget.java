package io.countersign.target;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes each object as one YAML file, {@code <namespace>/<kind>-<name>.yaml}. The directory may be a Git working tree
 * that Argo CD or Flux follows: the same object always gives the same bytes, and an unchanged file is not touched. A
 * file appears, changes and disappears in one step, and is on disk when the call returns. An object is ready once it is
 * written: applying it is up to the tool that watches the directory.
 */
final class ManifestTarget extends GuardedTarget {

    /** Where objects without a namespace lie; no namespace has such a name. */
    private static final String NO_NAMESPACE = "_cluster";

    /** Stands for the content of what is no plain file. */
    private static final String NO_FILE = "# No plain file, but a link or something else.\n{}\n";

    private static final Pattern DNS_SUBDOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,62}");

    private final Path directory;

    /** @param directory the root; made when the first object is written */
    ManifestTarget(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    void write(HasMetadata object, Optional<Live> present) {
        Path file = file(ObjectRef.of(object));
        byte[] yaml = Serialization.asYaml(object).getBytes(StandardCharsets.UTF_8);
        try {
            createDirectories(file.getParent());
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Arrays.equals(Files.readAllBytes(file), yaml)) {
                return;
            }
            // Not createTempFile: the file is to have the permissions that files here usually have.
            Path temporary = file.resolveSibling(".countersign-" + UUID.randomUUID() + ".tmp");
            try {
                write(temporary, yaml);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(file.getParent());
        } catch (IOException e) {
            throw new TargetFailure("Cannot write " + shown(ObjectRef.of(object), file) + ": " + reason(e), e);
        }
    }

    @Override
    void remove(ObjectRef object) {
        Path file = file(object);
        try {
            if (Files.deleteIfExists(file)) {
                sync(file.getParent());
            }
        } catch (IOException e) {
            throw new TargetFailure("Cannot delete " + shown(object, file) + ": " + reason(e), e);
        }
    }

    @Override
    Progress progress(Live object) {
        return new Progress.Ready();
    }

    @Override
    Optional<Live> read(ObjectRef object) {
        Path file = file(object);
        try {
            // What is written cannot replace a directory, and says so.
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                // We write plain files only; where a link leads is not read.
                return Optional.of(new Live(new GenericKubernetesResource(), NO_FILE));
            }
            String yaml = Files.readString(file);
            return Optional.of(new Live(parse(yaml), yaml));
        } catch (IOException e) {
            throw new TargetFailure("Cannot read " + shown(object, file) + ": " + reason(e), e);
        }
    }

    @Override
    String rehearse(HasMetadata object, Optional<Live> present) {
        return Serialization.asYaml(object);
    }

    /** A directory can hold any namespace, regardless of who creates it in the cluster. */
    @Override
    Optional<Refusal> refuseMissing(ObjectRef namespace) {
        return Optional.empty();
    }

    /** @return the object, or one without any sign of whose it is if the file is none */
    private static GenericKubernetesResource parse(String yaml) {
        try {
            GenericKubernetesResource object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
            if (object != null && object.getMetadata() != null) {
                return object;
            }
        } catch (RuntimeException e) {
            // Not an object of ours.
        }
        return new GenericKubernetesResource();
    }

    /**
     * @return the object's file
     * @throws IllegalArgumentException if its kind, namespace or name could lead anywhere else
     */
    private Path file(ObjectRef object) {
        boolean safe = KIND.matcher(object.kind()).matches()
                && isSafe(object.name())
                && object.namespace().map(ManifestTarget::isSafe).orElse(true);
        if (!safe) {
            throw new IllegalArgumentException("Not the name of an object: " + object);
        }
        return directory
                .resolve(object.namespace().orElse(NO_NAMESPACE))
                .resolve(object.kind().toLowerCase(Locale.ROOT) + "-" + object.name() + ".yaml");
    }

    private static boolean isSafe(String name) {
        return DNS_SUBDOMAIN.matcher(name).matches() && !name.contains("..");
    }

    /** Makes the directory of a namespace, and refuses one that is a link to somewhere else. */
    private void createDirectories(Path namespace) throws IOException {
        if (!Files.isDirectory(namespace)) {
            Files.createDirectories(namespace);
            sync(directory);
        }
        if (!namespace.toRealPath().startsWith(directory.toRealPath())) {
            throw new IOException("it leads out of the directory of the manifests");
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Makes the directory's entries durable. Windows cannot open a directory and does not need it. */
    private static void sync(Path directory) throws IOException {
        if (File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Names the file without its directory, which only the operator may see. */
    private static String shown(ObjectRef object, Path file) {
        return object + " (" + file.getFileName() + ")";
    }

    /** The messages of most file system exceptions are only the file's name. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "Countersign has no permission there.";
        }
        if (e instanceof FileAlreadyExistsException
                || e instanceof NotDirectoryException
                || e instanceof DirectoryNotEmptyException) {
            return "something else is in its place.";
        }
        if (e instanceof NoSuchFileException) {
            return "its directory is gone.";
        }
        String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return said == null ? "the file system does not allow it." : said + ".";
    }
}
