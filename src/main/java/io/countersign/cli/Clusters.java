package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An organization's clusters on the server. */
final class Clusters {

    private final Server server;
    private final String organization;

    Clusters(Server server, String organization) {
        this.server = server;
        this.organization = organization;
    }

    JsonNode list(Optional<String> state) {
        return server.all(Server.path("orgs", organization, "clusters")
                + state.map(wanted -> "?status=" + Server.escape(wanted)).orElse(""));
    }

    JsonNode get(String name) {
        return server.get(pathOf(name));
    }

    /** @return the cluster, unless the server knows none of that name */
    Optional<JsonNode> find(String name) {
        try {
            return Optional.of(get(name));
        } catch (Refused e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @param adopt whether to take over an existing object of its name that belongs to others */
    JsonNode create(Manifest manifest, boolean adopt) {
        ObjectNode body = manifest.creation();
        if (adopt) {
            body.put("adopt", true);
        }
        return server.post(Server.path("orgs", organization, "clusters"), body);
    }

    JsonNode change(Manifest manifest) {
        return server.patch(pathOf(manifest.clusterName()), manifest.change());
    }

    JsonNode delete(String name) {
        return server.delete(pathOf(name));
    }

    JsonNode retry(String name) {
        return server.post(pathOf(name) + "/retry", Json.object());
    }

    /** @return whether the cluster already matches the manifest */
    static boolean matches(Manifest manifest, JsonNode cluster) {
        for (Map.Entry<String, JsonNode> field : manifest.change().properties()) {
            if (!same(field.getValue(), cluster.path(field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** Compares, treating an absent value and an empty object as equal. */
    private static boolean same(JsonNode wanted, JsonNode actual) {
        if (wanted.isObject() && wanted.isEmpty()) {
            return actual.isEmpty() && !actual.isValueNode() || actual.isNull();
        }
        if (!wanted.isContainerNode()) {
            return wanted.equals(actual);
        }
        if (wanted.isArray() != actual.isArray() || wanted.size() != actual.size()) {
            return false;
        }
        if (wanted.isArray()) {
            Iterator<JsonNode> others = actual.iterator();
            for (JsonNode element : wanted) {
                if (!same(element, others.next())) {
                    return false;
                }
            }
            return true;
        }
        return wanted.properties().stream().allMatch(field -> same(field.getValue(), actual.path(field.getKey())));
    }

    static String state(JsonNode cluster) {
        return Text.field(cluster, "status");
    }

    /** @return the node groups on one line: {@code workers 1-3 t3.large, gpu 0-2 p3.2xlarge|p3.8xlarge} */
    static String nodeGroups(JsonNode cluster) {
        List<String> groups = new ArrayList<>();
        for (JsonNode group : cluster.path("node_groups")) {
            List<String> machineTypes = new ArrayList<>();
            group.path("machine_types").forEach(type -> machineTypes.add(Text.clean(type.asText())));
            groups.add(Text.field(group, "name") + " " + Text.field(group, "min_nodes") + "-"
                    + Text.field(group, "max_nodes") + " " + String.join("|", machineTypes));
        }
        return String.join(", ", groups);
    }

    private String pathOf(String name) {
        return Server.path("orgs", organization, "clusters", name);
    }
}
