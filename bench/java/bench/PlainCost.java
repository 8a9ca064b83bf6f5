package bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * (g) A two-stage approval in Countersign, of a cluster from submission to running, against the application that a user
 * of Camunda writes in an afternoon: five calls each.
 */
final class PlainCost {

    private static final String OURS = "ours_cluster";
    private static final String PLAIN = "plain";
    private static final String POOL = "spring.datasource.hikari.maximum-pool-size=20";

    private final Machine machine;

    PlainCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        database.create(OURS);
        database.create(PLAIN);
        try (Server ours = machine.ours(OURS, POOL);
                Server plain = machine.plain(PLAIN, POOL)) {
            OurClusters people = OurClusters.prepare(database, OURS, ours.root());
            Plain calls = new Plain(plain.root());
            Map<Side, Server> servers = new LinkedHashMap<>();
            servers.put(Side.of(machine, OURS, people::approve), ours);
            servers.put(Side.of(machine, PLAIN, calls::approve), plain);
            List<String> lines = new Comparison(machine, servers, PLAIN).run();
            requireNone(OURS, "select count(*) from clusters where status <> 'RUNNING'");
            requireNone(PLAIN, "select count(*) from act_hi_procinst where end_act_id_ is distinct from 'active'");
            return lines;
        }
    }

    /** Nobody asks the servers whether an approval was carried out, so the database is asked once at the end. */
    private void requireNone(String name, String unfinished) throws Exception {
        long count = machine.database().number(name, unfinished);
        if (count > 0) {
            throw new IllegalStateException(count + " approvals of " + name + " were not carried out");
        }
    }
}
