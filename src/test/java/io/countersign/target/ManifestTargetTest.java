package io.countersign.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTargetTest {

    private static final Owner ACME = Owner.organization("acme");

    @TempDir
    private Path temporary;

    private Path directory;
    private Target target;

    @BeforeEach
    void start() {
        directory = temporary.resolve("manifests");
        target = new ManifestTarget(directory);
    }

    @Test
    void object_is_ready_once_written() {
        ConfigMap object = object("acme", "settings", "1");

        target.apply(object);

        Path file = directory.resolve("acme/configmap-settings.yaml");
        assertThat(Serialization.unmarshal(read(file), ConfigMap.class)).isEqualTo(object);
        assertThat(target.progress(ObjectRef.of(object))).isEqualTo(new Progress.Ready());
        assertThat(files("acme")).containsExactly("configmap-settings.yaml");
    }

    @Test
    void object_without_a_namespace_has_a_place_of_its_own() {
        target.apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName("acme")
                .withLabels(ACME.labels())
                .endMetadata()
                .build());

        assertThat(directory.resolve("_cluster/namespace-acme.yaml")).exists();
    }

    @Test
    void same_object_gives_the_same_bytes_and_does_not_touch_the_file() throws IOException {
        target.apply(object("acme", "settings", "1"));
        Path file = directory.resolve("acme/configmap-settings.yaml");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        target.apply(object("acme", "settings", "1"));

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.from(Instant.EPOCH));
    }

    @Test
    void file_is_readable_like_any_other_here() throws IOException {
        Files.createDirectories(directory);
        Path other = Files.writeString(directory.resolve("other"), "");
        assumeThat(Files.getFileStore(other).supportsFileAttributeView(PosixFileAttributeView.class))
                .isTrue();

        target.apply(object("acme", "settings", "1"));

        assertThat(Files.getPosixFilePermissions(directory.resolve("acme/configmap-settings.yaml")))
                .isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void changed_object_replaces_the_file() {
        target.apply(object("acme", "settings", "1"));
        target.apply(object("acme", "settings", "2"));

        assertThat(read(directory.resolve("acme/configmap-settings.yaml"))).contains("value: \"2\"");
        assertThat(files("acme")).hasSize(1);
    }

    @Test
    void deleted_object_is_absent_and_may_be_deleted_again() {
        ObjectRef ref = ObjectRef.of(object("acme", "settings", "1"));
        target.apply(object("acme", "settings", "1"));

        target.delete(ref);
        target.delete(ref);

        assertThat(target.progress(ref)).isEqualTo(new Progress.Absent());
        assertThat(files("acme")).isEmpty();
    }

    @Test
    void what_was_never_there_is_absent_and_may_be_deleted() {
        ObjectRef ref = ObjectRef.of(object("acme", "settings", "1"));

        target.delete(ref);

        assertThat(target.progress(ref)).isEqualTo(new Progress.Absent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../other", "a/b", "a\\b", "", "A", "a..b", "/etc/passwd", "a\u0000b", ".git"})
    void names_that_lead_elsewhere_are_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> target.apply(object("acme", name, "1")));
        assertThatIllegalArgumentException().isThrownBy(() -> target.apply(object(name, "settings", "1")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> target.delete(new ObjectRef("v1", "ConfigMap", Optional.of(name), "x", ACME)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> target.progress(new ObjectRef("v1", "../ConfigMap", Optional.of("acme"), "x", ACME)));
        assertThat(directory).doesNotExist();
    }

    @Test
    void namespace_that_links_out_of_the_directory_is_refused() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.createDirectories(directory);
        Files.createSymbolicLink(directory.resolve("acme"), elsewhere);

        assertThatThrownBy(() -> target.apply(object("acme", "settings", "1")))
                .isInstanceOf(TargetFailure.class)
                .hasMessageContaining("leads out of");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void link_in_the_place_of_an_object_is_somebody_elses() throws IOException {
        Path elsewhere = Files.writeString(temporary.resolve("elsewhere.yaml"), "kind: ConfigMap\n");
        Path link = Files.createDirectories(directory.resolve("acme")).resolve("configmap-settings.yaml");
        Files.createSymbolicLink(link, elsewhere);

        assertThatThrownBy(() -> target.apply(object("acme", "settings", "1")))
                .isInstanceOf(TargetFailure.class)
                .hasMessageContaining("exists already");
        target.delete(new ObjectRef("v1", "ConfigMap", Optional.of("acme"), "settings", ACME));
        assertThat(link).isSymbolicLink();
        assertThat(target.compare(object("acme", "settings", "1"), false).refused())
                .isPresent();
        target.apply(object("acme", "settings", "1"), true);
        assertThat(link).isRegularFile();
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(elsewhere).hasContent("kind: ConfigMap");
    }

    @Test
    void failure_says_what_is_in_the_way() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("acme"), "in the way");

        assertThatThrownBy(() -> target.apply(object("acme", "settings", "1")))
                .isInstanceOf(TargetFailure.class)
                .hasMessageContaining("Cannot write ConfigMap acme/settings (configmap-settings.yaml): ")
                .hasMessageContaining("something else is in its place.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: ConfigMap\nmetadata: {name: settings, namespace: acme}",
                "kind: ConfigMap\nmetadata: {labels: {app.kubernetes.io/managed-by: Helm}}",
                "kind: ConfigMap\nmetadata: {labels: {app.kubernetes.io/managed-by: countersign, "
                        + "countersign.io/organization: other}}",
                "{{ not yaml",
                ""
            })
    void file_of_others_is_neither_overwritten_nor_removed_nor_taken_for_ours(String content) throws IOException {
        Path file = directory.resolve("acme/configmap-settings.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        ConfigMap object = object("acme", "settings", "1");

        assertThatThrownBy(() -> target.apply(object))
                .isInstanceOf(TargetFailure.class)
                .hasMessageStartingWith(
                        "ConfigMap acme/settings exists already and is not Countersign's for organization acme");
        target.delete(ObjectRef.of(object));

        assertThat(file).hasContent(content);
        assertThat(target.progress(ObjectRef.of(object))).isEqualTo(new Progress.Absent());
        assertThat(target.compareRemoval(ObjectRef.of(object)).isEmpty()).isTrue();
        target.apply(object, true);
        assertThat(target.progress(ObjectRef.of(object))).isEqualTo(new Progress.Ready());
    }

    @Test
    void namespace_whose_own_file_names_somebody_else_is_closed() throws IOException {
        Files.createDirectories(directory.resolve("_cluster"));
        Files.writeString(
                directory.resolve("_cluster/namespace-acme.yaml"),
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: acme, labels: {team: other}}");

        assertThatThrownBy(() -> target.apply(object("acme", "settings", "1")))
                .isInstanceOf(TargetFailure.class)
                .hasMessageContaining("by the label countersign.io/organization=acme");
        assertThat(directory.resolve("acme")).doesNotExist();
    }

    @Test
    void readers_never_see_half_a_file() {
        Path file = directory.resolve("acme/configmap-settings.yaml");
        target.apply(object("acme", "settings", "x".repeat(100_000)));

        List<CompletableFuture<Void>> writers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> target.apply(
                        object("acme", "settings", Integer.toString(i).repeat(100_000)))))
                .toList();
        while (writers.stream().anyMatch(writer -> !writer.isDone())) {
            assertThat(Serialization.unmarshal(read(file), ConfigMap.class)
                            .getData()
                            .get("value"))
                    .hasSize(100_000);
        }
        writers.forEach(CompletableFuture::join);
        assertThat(files("acme")).containsExactly("configmap-settings.yaml");
    }

    private static ConfigMap object(String namespace, String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(ACME.labels())
                .endMetadata()
                .addToData("value", value)
                .build();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> files(String namespace) {
        try (var files = Files.list(directory.resolve(namespace))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
