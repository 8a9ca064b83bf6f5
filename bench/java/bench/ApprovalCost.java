package bench;

import bench.stock.Rounds.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** (a) A two-stage approval of a route from submission to active, through three doors. */
final class ApprovalCost {

    private final Machine machine;

    ApprovalCost(Machine machine) {
        this.machine = machine;
    }

    List<String> run() throws Exception {
        Database database = machine.database();
        for (String name : List.of("ours", "stock", "bare")) {
            database.create(name);
        }
        try (Server ours = machine.ours("ours", Machine.EVERY_MAIL);
                Server stock = machine.stock("stock");
                Server bare = machine.bare("bare")) {
            Ours people = Ours.prepare(database, "ours", ours.root());
            Stock calls = new Stock(stock.root());
            Map<Side, Server> servers = new LinkedHashMap<>();
            servers.put(Side.of(machine, "ours", people::approve), ours);
            servers.put(Side.of(machine, "stock", calls::approve), stock);
            servers.put(
                    new Side(
                            machine,
                            "bare",
                            (clients, seconds, limit) ->
                                    Result.parse(bare.order(clients + " " + seconds + " " + limit))),
                    bare);
            return new Comparison(machine, servers, "stock").run();
        }
    }
}
