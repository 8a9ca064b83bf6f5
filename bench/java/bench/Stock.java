package bench;

import bench.stock.Rounds;
import bench.stock.StockRoute;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Drives the stock model through engine-rest, by the calls that programs use. */
final class Stock {

    private final Http http;

    Stock(String root) {
        this.http = new Http(root + "/engine-rest", null);
    }

    /** Takes one route from its submission to active. */
    void approve(int client, String number) throws IOException, InterruptedException {
        String name = "route-" + number;
        String instance = http.post(
                        "/process-definition/key/route-change/start",
                        Map.of("businessKey", name, "variables", typed(StockRoute.variables(name))))
                .get("id")
                .asText();
        for (int stage = 0; stage < 2; stage++) {
            complete(name, Map.of("variables", typed(StockRoute.decision())));
        }
        complete(name, Map.of());
        do {
            Rounds.awaitJobs();
        } while (http.send("GET", "/process-instance/" + instance, null).statusCode() != 404);
    }

    /** Completes the open task, again if the job that notifies came in between: the engine leaves that to its client. */
    private void complete(String name, Map<String, Object> body) throws IOException, InterruptedException {
        String path = "/task/" + task(name) + "/complete";
        HttpResponse<String> answer = http.send("POST", path, body);
        for (int attempt = 1; answer.statusCode() == 500 && attempt < 20; attempt++) {
            answer = http.send("POST", path, body);
        }
        if (answer.statusCode() != 204) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private String task(String name) throws IOException, InterruptedException {
        JsonNode tasks = http.get("/task?processInstanceBusinessKey=" + name);
        return tasks.get(0).get("id").asText();
    }

    private static Map<String, Object> typed(Map<String, Object> variables) {
        Map<String, Object> typed = new LinkedHashMap<>();
        variables.forEach((key, value) -> typed.put(key, Map.of("value", value)));
        return typed;
    }
}
