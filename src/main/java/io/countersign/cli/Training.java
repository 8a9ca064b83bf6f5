package io.countersign.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Loads the classes that everyday commands need by running them against a local stub server, so that the runtime writes
 * them into the {@link SharedArchive} when this process ends. Reads and changes no data of the person's.
 */
final class Training {

    private static final String CLUSTER = """
            {"name":"a","provider":"aws","region":"r","kubernetes_version":"1.31","node_groups":[{"name":"w",\
            "min_nodes":1,"max_nodes":1,"machine_types":["m"],"labels":{}}],"status":"RUNNING","status_reason":null,\
            "approval_id":"1","requested_by":"x","requested_at":"2025-01-01T00:00:00Z","items":[],"next_cursor":null}""";

    private static final String MANIFEST = """
            apiVersion: platform.astropulse.io/v1
            kind: K8sCluster
            spec:
              clusterName: a
              provider: aws
              region: r
              clusterSpec:
                kubernetesVersion: "1.31"
                dataPlane:
                  nodeGroups:
                    - {name: w, minNode: 1, maxNode: 1, machineTypes: [m]}
            """;

    private Training() {}

    /**
     * @param arguments the archive that this process builds
     * @throws IOException if the stub cannot start or the archive cannot be described
     */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket standIn = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> answer(standIn), "stand-in");
            answers.setDaemon(true);
            answers.start();
            Map<String, String> environment = Map.of(
                    "COUNTERSIGN_SERVER",
                    "http://127.0.0.1:" + standIn.getLocalPort(),
                    "COUNTERSIGN_TOKEN",
                    "training",
                    "COUNTERSIGN_ORG",
                    "acme",
                    "COUNTERSIGN_CONFIG",
                    arguments[0] + ".no-credentials");
            run(environment, "infra", "k8s", "get", "a");
            run(environment, "infra", "k8s", "get");
            run(environment, "infra", "k8s", "get", "-o", "json");
            run(environment, "infra", "k8s", "apply", "-f", "-");
            run(environment, "infra", "k8s", "progress", "stream", "a");
            run(environment, "approvals", "list");
            run(environment, "whoami", "--no-such-option");
            run(environment, "--help");
        }
        SharedArchive.describe(Path.of(arguments[0]));
    }

    private static void run(Map<String, String> environment, String... arguments) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(
                new Terminal(
                        new ByteArrayInputStream(MANIFEST.getBytes(StandardCharsets.UTF_8)),
                        nowhere,
                        nowhere,
                        environment,
                        Optional.empty(),
                        Clock.systemDefaultZone()),
                arguments);
    }

    private static void answer(ServerSocket standIn) {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + CLUSTER.length() + "\r\n\r\n" + CLUSTER)
                .getBytes(StandardCharsets.US_ASCII);
        while (!standIn.isClosed()) {
            try (Socket connection = standIn.accept();
                    InputStream in = connection.getInputStream();
                    OutputStream out = connection.getOutputStream()) {
                in.read(new byte[8192]);
                out.write(answer);
            } catch (IOException e) {
                // The stub was closed, or a connection broke; either way, the next command still runs.
            }
        }
    }
}
