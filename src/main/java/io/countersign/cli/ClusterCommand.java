package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Decision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Clusters. */
@Command(
        name = "k8s",
        description = "Requests, changes and watches clusters, and decides requests for them.",
        subcommands = {
            ClusterCommand.Get.class,
            ClusterCommand.Apply.class,
            ClusterCommand.Update.class,
            ClusterCommand.Delete.class,
            ClusterCommand.Retry.class,
            ProgressCommand.class,
            ClusterCommand.Approve.class,
            ClusterCommand.Reject.class
        })
final class ClusterCommand {

    @Command(name = "get", description = "Shows a cluster, or lists all.")
    static final class Get extends ServerCommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "CLUSTER",
                description = "The cluster's name; all clusters if missing.")
        private Optional<String> name = Optional.empty();

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "List only clusters in this state, such as APPROVAL_PENDING.")
        private Optional<String> state = Optional.empty();

        @Override
        public Integer call() {
            Server server = root().signedIn();
            Clusters clusters = new Clusters(server, root().organization(server));
            return name.map(clusters::get)
                    .map(cluster -> answer(cluster, this::show))
                    .orElseGet(() -> answer(clusters.list(state), this::list));
        }

        private void show(JsonNode cluster) {
            printField("NAME", Text.field(cluster, "name"));
            printField("STATE", Clusters.state(cluster));
            printField("REASON", Text.field(cluster, "status_reason"));
            printField("FAILURE", Text.failure(cluster, terminal().clock().getZone()));
            printField("PROVIDER", Text.field(cluster, "provider"));
            printField("REGION", Text.field(cluster, "region"));
            printField("VERSION", Text.field(cluster, "kubernetes_version"));
            printField("NODE GROUPS", Clusters.nodeGroups(cluster));
            printField("REQUESTED BY", Text.field(cluster, "requested_by"));
            printField("REQUESTED AT", Text.field(cluster, "requested_at"));
            printField("APPROVAL", Text.field(cluster, "approval_id"));
        }

        private void list(JsonNode clusters) {
            Instant now = terminal().clock().instant();
            printTable(
                    List.of("NAME", "PROVIDER", "REGION", "VERSION", "STATE", "AGE"),
                    clusters.path("items"),
                    cluster -> List.of(
                            Text.field(cluster, "name"),
                            Text.field(cluster, "provider"),
                            Text.field(cluster, "region"),
                            Text.field(cluster, "kubernetes_version"),
                            Clusters.state(cluster),
                            Text.age(Text.field(cluster, "requested_at"), now)));
        }
    }

    /** A command whose result is the cluster in its new state on the server. */
    abstract static class Change extends ServerCommand {

        @Override
        public Integer call() {
            prepare();
            Server server = root().signedIn();
            return answer(change(new Clusters(server, root().organization(server))), this::tell);
        }

        private void tell(JsonNode cluster) {
            String reason = Text.field(cluster, "status_reason");
            print("Cluster " + Text.field(cluster, "name") + ": " + Clusters.state(cluster)
                    + (reason.isEmpty() ? "" : " (" + reason + ")"));
            if (Clusters.state(cluster).equals("APPROVAL_PENDING")) {
                print("Waiting for the decision on approval " + Text.field(cluster, "approval_id") + ".");
            }
        }

        /** Validates the input before the first request to the server. */
        abstract void prepare();

        abstract JsonNode change(Clusters clusters);

        final Manifest read(String file) {
            try {
                byte[] text = file.equals("-") ? terminal().in().readAllBytes() : Files.readAllBytes(Path.of(file));
                return Manifest.parse(
                        file.equals("-") ? "standard input" : file, new String(text, StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                throw new Failure(ExitCode.USAGE, "no such file: " + file);
            } catch (IOException e) {
                throw new Failure(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage());
            }
        }
    }

    @Command(name = "apply", description = "Requests a manifest's cluster, or changes it if it exists.")
    static final class Apply extends Change {

        @Option(
                names = {"-f", "--filename"},
                required = true,
                paramLabel = "FILE",
                description = "The manifest; - for standard input.")
        private String file;

        @Option(names = "--adopt", description = "Let a new cluster take over a foreign object of the same name.")
        private boolean adopt;

        private Manifest manifest;

        @Override
        void prepare() {
            manifest = read(file);
        }

        @Override
        JsonNode change(Clusters clusters) {
            Optional<JsonNode> existing = clusters.find(manifest.clusterName());
            String state = existing.map(Clusters::state).orElse("DELETED");
            // A rejected or deleted cluster is requested again. The server decides whether anything else may change
            // now.
            if (state.equals("DELETED") || state.equals("REJECTED")) {
                return clusters.create(manifest, adopt);
            }
            if (state.equals("RUNNING") && Clusters.matches(manifest, existing.get())) {
                terminal().err().println("note: the cluster already matches the manifest");
                return existing.get();
            }
            return clusters.change(manifest);
        }
    }

    @Command(name = "update", description = "Changes a cluster to what a manifest says.")
    static final class Update extends Change {

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Option(
                names = {"-f", "--filename"},
                required = true,
                paramLabel = "FILE",
                description = "The manifest; - for standard input.")
        private String file;

        private Manifest manifest;

        @Override
        void prepare() {
            manifest = read(file);
            if (!manifest.clusterName().equals(name)) {
                throw new Failure(
                        ExitCode.USAGE,
                        file + " is about cluster " + Text.clean(manifest.clusterName()) + ", not " + name);
            }
        }

        @Override
        JsonNode change(Clusters clusters) {
            return clusters.change(manifest);
        }
    }

    @Command(name = "delete", description = "Deletes a cluster.")
    static final class Delete extends Change {

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask for confirmation.")
        private boolean sure;

        @Override
        void prepare() {
            if (sure) {
                return;
            }
            Terminal.Person person = terminal()
                    .person()
                    .orElseThrow(() -> new Failure(ExitCode.USAGE, "there is no terminal to confirm at; use --yes"));
            if (!person.ask("Type the cluster's name to delete it: ").equals(name)) {
                throw new Failure(ExitCode.REFUSED, "not confirmed; nothing was deleted");
            }
        }

        @Override
        JsonNode change(Clusters clusters) {
            return clusters.delete(name);
        }
    }

    @Command(name = "retry", description = "Retries a failed change of a cluster.")
    static final class Retry extends Change {

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Override
        void prepare() {}

        @Override
        JsonNode change(Clusters clusters) {
            return clusters.retry(name);
        }
    }

    @Command(name = "approve", description = "Approves the request for a cluster.")
    static final class Approve extends DecideCommand {

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Option(names = "--comment", description = "A reason or condition.")
        private Optional<String> comment = Optional.empty();

        @Override
        public Integer call() {
            Server server = root().signedIn();
            return decide(server, approvalOf(root(), server, name), Decision.APPROVE, comment);
        }
    }

    @Command(name = "reject", description = "Rejects the request for a cluster.")
    static final class Reject extends DecideCommand {

        @Parameters(paramLabel = "CLUSTER", description = "Its name.")
        private String name;

        @Option(names = "--reason", required = true, description = "The reason, shown to the requester.")
        private String reason;

        @Override
        public Integer call() {
            Server server = root().signedIn();
            return decide(server, approvalOf(root(), server, name), Decision.REJECT, Optional.of(reason));
        }
    }

    private static String approvalOf(RootCommand root, Server server, String name) {
        String approval = Text.field(new Clusters(server, root.organization(server)).get(name), "approval_id");
        if (approval.isEmpty()) {
            throw new Failure(ExitCode.REFUSED, "cluster " + name + " needed no approval");
        }
        return approval;
    }
}
