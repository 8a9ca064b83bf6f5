package io.countersign.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.kind.Consequence;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.wording.Wording;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Requests to attach a client to a route, to change its networks, or to detach it. */
@Component
@Order(20)
public final class AttachmentRequests implements RequestKind {

    /** The name for attachments in the database, in paths and in JSON. */
    public static final EntityType TYPE = new EntityType("client_attachment");

    @Override
    public EntityType type() {
        return TYPE;
    }

    @Override
    public Scope.Type scopeType() {
        return Scope.Type.PROJECT;
    }

    @Override
    public String resource() {
        return "POST /api/v1/projects/{project}/attachments";
    }

    @Override
    public List<String> actions() {
        return List.of(Attachment.ATTACH, Attachment.UPDATE, Attachment.DETACH);
    }

    /** First a team other than the submitter's, then anyone. */
    @Override
    public Policy defaultPolicy() {
        return new Policy(
                List.of(
                        new Policy.StagePolicy(1, Permission.CLIENT_APPROVE, TeamScope.OTHER_TEAM, 1),
                        new Policy.StagePolicy(2, Permission.CLIENT_APPROVE, TeamScope.ANY, 1)),
                false);
    }

    @Override
    public List<Permission> deciding() {
        return List.of(Permission.ROUTE_APPROVE, Permission.CLIENT_APPROVE);
    }

    @Override
    public Topic topic() {
        return Topic.APPLICATION_PIPELINE;
    }

    @Override
    public Consequence consequence() {
        return new Consequence(
                "If you approve, the next deployment of the route carries it out.",
                "The next deployment of the route carries it out.",
                "waits for the next deployment of its route");
    }

    @Override
    public Optional<String> page(Scope scope, String id, String name) {
        return Optional.of("/projects/" + scope.id() + "/attachments/" + id);
    }

    @Override
    public String summary(JsonNode content) {
        return "Client " + content.path("client").asText() + " of team "
                + content.path("team").asText() + " and route "
                + content.path("route").asText()
                + (content.has("ip_addresses") ? ", from " + Wording.text(content.path("ip_addresses")) : "");
    }
}
