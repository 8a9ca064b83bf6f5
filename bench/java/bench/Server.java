package bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An application in a process of its own. */
final class Server implements AutoCloseable {

    private static final long START_SECONDS = 180;

    private final Process process;
    private final int port;
    private final double startSeconds;
    private final double startProcessorSeconds;
    private final Path log;
    private final BufferedReader out;
    private final BufferedWriter in;

    private Server(
            Process process,
            int port,
            double startSeconds,
            double startProcessorSeconds,
            Path log,
            BufferedReader out,
            BufferedWriter in) {
        this.process = process;
        this.port = port;
        this.startSeconds = startSeconds;
        this.startProcessorSeconds = startProcessorSeconds;
        this.log = log;
        this.out = out;
        this.in = in;
    }

    /**
     * What to start.
     *
     * @param name for its log file
     * @param classPath as {@code java -cp} takes it
     * @param main the class with the main method
     * @param ready the path that answers 200 once the application serves; null for one that is driven by its input
     * @param properties Spring's properties, such as {@code server.port=1}
     */
    record Spec(String name, String classPath, String main, String ready, List<String> properties) {}

    /** Starts an application with a heap of 512 MiB and waits until it serves. */
    static Server start(Spec spec) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path log = Bench.OUTPUT.resolve(spec.name() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dfile.encoding=UTF-8",
                "-cp",
                spec.classPath(),
                spec.main(),
                "--server.port=" + port,
                "--spring.main.banner-mode=off"));
        spec.properties().forEach(property -> command.add("--" + property));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.directory(Bench.OUTPUT.toFile());
        if (spec.ready() != null) {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        long before = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedWriter in =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Server server = new Server(process, port, 0, 0, log, out, in);
        if (spec.ready() == null) {
            server.answer();
        } else {
            server.awaitReady(spec.ready());
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        double processorSeconds =
                process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
        return new Server(process, port, seconds, processorSeconds, log, out, in);
    }

    /** @return the server's root, such as {@code http://localhost:34567} */
    String root() {
        return "http://localhost:" + port;
    }

    /** @return how long it took from the start of the process until it served */
    double startSeconds() {
        return startSeconds;
    }

    /** @return how much time processors spent on that, which depends less on what else the machine does */
    double startProcessorSeconds() {
        return startProcessorSeconds;
    }

    /** @return what an application that is driven by its input answers an order */
    String order(String line) throws IOException {
        in.write(line);
        in.newLine();
        in.flush();
        return answer();
    }

    /** @return the processor time that the process has used, in milliseconds */
    long processorMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    /** @return what the process holds in memory, in MiB, by Linux's account; 0 elsewhere */
    long residentMebibytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String answer() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("result ")) {
                return line.substring("result ".length());
            }
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        throw new IOException("The application ended; see " + log);
    }

    private void awaitReady(String path) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(root() + path)).build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Nobody listens yet.
            }
            Thread.sleep(20);
        }
        process.destroyForcibly();
        throw new IOException("The application does not serve; see " + log);
    }
}
