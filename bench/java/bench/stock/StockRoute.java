package bench.stock;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a request for a route carries when everything is a process variable. */
public final class StockRoute {

    private StockRoute() {}

    /** @return the variables that start an instance of {@code route-change} */
    public static Map<String, Object> variables(String name) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("routeName", name);
        variables.put("project", "bench");
        variables.put("domain", "shop");
        variables.put("submitter", "editor");
        variables.put("submitterTeam", "web");
        variables.put("status", "pending_create");
        variables.put("payload", payload(name));
        variables.put("stageCount", 2);
        variables.put("firstApprovers", "web-approvers,owners");
        variables.put("secondApprovers", "other-approvers,owners");
        variables.put("deployers", "editors");
        return variables;
    }

    /** @return the variables of a decision */
    public static Map<String, Object> decision() {
        return Map.of("decision", "approve", "comment", "Looks good.", "decidedBy", "approver");
    }

    /** @return the route as JSON */
    public static String payload(String name) {
        return "{\"name\": \"" + name + "\", \"path\": \"/" + name
                + "\", \"methods\": [\"GET\", \"POST\"], \"backend\": {\"service\": \"" + name
                + "\", \"port\": 8080}, \"timeout_seconds\": 30}";
    }
}
