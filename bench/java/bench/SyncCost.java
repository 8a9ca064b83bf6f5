package bench;

import bench.stock.Rounds.Result;
import bench.stock.Rounds;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** (d) What orchestrators with 100, 10,000 and 100,000 tenants are answered at a sync, with and without news. */
final class SyncCost {

    private static final String PATH = "/api/v1/sync/features";

    private final Machine machine;

    SyncCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        database.create("sync");
        int[] sizes = {100, 10_000, 100_000};
        try (Server server = machine.ours("sync")) {
            Map<Integer, Http> callers = new LinkedHashMap<>();
            for (int size : sizes) {
                callers.put(size, orchestrator(database, server, size));
            }
            List<String> lines = new ArrayList<>();
            lines.add("| tenants | 200, p50 and p99 ms | body KiB | 304, p50 and p99 ms |");
            lines.add("|---|---|---|---|");
            Map<Integer, List<Long>> news = new LinkedHashMap<>();
            Map<Integer, List<Long>> none = new LinkedHashMap<>();
            Map<Integer, Integer> bytes = new LinkedHashMap<>();
            for (int turn = 0; turn < (machine.quick() ? 4 : 11); turn++) {
                for (int size : sizes) {
                    Http caller = callers.get(size);
                    HttpResponse<String> full = timed(caller, 3, 200, null, news, size, turn);
                    bytes.put(size, full.body().length() / 1024);
                    String tag = full.headers().firstValue("ETag").orElseThrow();
                    timed(caller, 100, 304, tag, none, size, turn);
                }
            }
            for (int size : sizes) {
                Result full = Rounds.result(news.get(size), 1);
                Result unchanged = Rounds.result(none.get(size), 1);
                lines.add(String.format(
                        Locale.ROOT,
                        "| %,d | %.1f, %.1f | %d | %.2f, %.2f |",
                        size,
                        full.p50(),
                        full.p99(),
                        bytes.get(size),
                        unchanged.p50(),
                        unchanged.p99()));
            }
            return lines;
        }
    }

    /** Reads, and keeps the times of all turns but the first, which warms up. */
    private static HttpResponse<String> timed(
            Http caller, int count, int status, String tag, Map<Integer, List<Long>> times, int size, int turn)
            throws Exception {
        HttpResponse<String> answer = null;
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            answer = tag == null
                    ? caller.send("GET", PATH, null)
                    : caller.send("GET", PATH, null, "If-None-Match", tag);
            long time = System.nanoTime() - before;
            if (answer.statusCode() != status) {
                throw new IllegalStateException("Sync answered " + answer.statusCode() + ": " + answer.body());
            }
            if (turn > 0) {
                times.computeIfAbsent(size, key -> new ArrayList<>()).add(time);
            }
        }
        return answer;
    }

    private static Http orchestrator(Database database, Server server, int tenants) throws Exception {
        String id = Ours.superadmin(database, "sync", server.root())
                .post(
                        "/api/v1/orchestrators",
                        Map.of("name", "bench-" + tenants, "contact_email", "ops@bench.example"))
                .get("id")
                .asText();
        database.execute("sync", """
                insert into countersign.tenants (id, orchestrator_id, orchestrator_name, tenant_id, name, contact_email,
                                                 status, latest, suricata, registered_at, status_changed_at)
                select gen_random_uuid(), o.id, o.name, 't-' || lpad(n::text, 8, '0'), 'Tenant ' || n,
                       'ops@bench.example', 'active', true, n %% 2 = 0, now(), now()
                from countersign.orchestrators o cross join generate_series(1, %d) n where o.id = '%s'""".formatted(tenants, id));
        database.execute("sync", "analyze countersign.tenants");
        String token = "cso_benchmark-" + tenants;
        database.execute("sync", """
                insert into countersign.orchestrator_tokens (token_hash, orchestrator_id, issued_at, expires_at)
                values (encode(sha256('%s'), 'hex'), '%s', now(), now() + interval '1 day')""".formatted(token, id));
        return new Http(server.root(), "Bearer " + token);
    }
}
