package bench;

import java.io.IOException;
import java.util.Map;

/** Drives the plain application through engine-rest: five calls an approval. */
final class Plain {

    private static final String PADDING = "x".repeat(900);

    private final Http http;

    Plain(String root) {
        this.http = new Http(root + "/engine-rest", null);
    }

    /** Starts one instance and decides both of its stages; a job then carries it out. */
    void approve(int client, String number) throws IOException, InterruptedException {
        String instance = http.post(
                        "/process-definition/key/approval/start",
                        Map.of(
                                "variables",
                                Map.of(
                                        "project", Map.of("value", "bench-" + client % OurClusters.ORGANIZATIONS),
                                        "entityType", Map.of("value", "cluster"),
                                        "submitter", Map.of("value", "admin"),
                                        "payload", Map.of("value", payload(number)))))
                .get("id")
                .asText();
        for (String approver : new String[] {"first", "second"}) {
            String task = http.get("/task?processInstanceId=" + instance)
                    .get(0)
                    .get("id")
                    .asText();
            http.post(
                    "/task/" + task + "/complete",
                    Map.of(
                            "variables",
                            Map.of(
                                    "decision", Map.of("value", "approve"),
                                    "approver", Map.of("value", approver),
                                    "comment", Map.of("value", "Looks good."))));
        }
    }

    /** @return JSON of about a kilobyte */
    private static String payload(String number) {
        return "{\"name\": \"c-" + number + "\", \"provider\": \"aws\", \"region\": \"eu-west-1\", \"notes\": \"" + PADDING
                + "\"}";
    }
}
