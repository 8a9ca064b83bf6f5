package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.change.Lifecycle;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.RouteSpec.Access;
import io.countersign.gateway.RouteSpec.Backend;
import io.countersign.gateway.RouteSpec.PathMatch;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every status and every event: what the table has happens, what it has not is refused. */
class LifecycleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RouteSpec SPEC = new RouteSpec(
            "cart",
            "shop",
            "shop.example.com",
            "/cart",
            PathMatch.PREFIX,
            List.of(),
            new Backend("cart", 8080, null),
            List.of(),
            null,
            null,
            null,
            Access.CLIENTS,
            false);

    @Test
    void statuses_are_those_of_the_reference() {
        assertThat(Arrays.stream(RouteStatus.values()).map(RouteStatus::wireName))
                .containsExactly(
                        "pending_create",
                        "pending_update",
                        "pending_delete",
                        "approved",
                        "pending_deploy",
                        "active",
                        "rejected");
        assertThat(Arrays.stream(AttachmentStatus.values()).map(AttachmentStatus::wireName))
                .containsExactly("pending_attach", "pending_detach", "approved", "active", "rejected", "removed");
    }

    static Stream<Arguments> routes() {
        return Arrays.stream(RouteStatus.values())
                .flatMap(from -> Arrays.stream(RouteEvent.values())
                        .filter(event -> event != RouteEvent.SUBMIT_CREATION)
                        .map(event -> Arguments.of(from, event)));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void route_does_what_the_table_says(RouteStatus from, RouteEvent event) {
        Optional<Lifecycle.Transition<RouteStatus, RouteEvent>> line = RouteLifecycle.TABLE.find(from, event);
        Route route = route(from, event);
        UnaryOperator<Route> deed = deed(event);

        if (line.isEmpty()) {
            assertThatThrownBy(() -> deed.apply(route)).isInstanceOf(RuntimeException.class);
        } else if (line.get().to().isEmpty()) {
            assertThat(deed.apply(route).gone()).isTrue();
        } else {
            assertThat(deed.apply(route).status()).isEqualTo(line.get().to().get());
        }
    }

    private static UnaryOperator<Route> deed(RouteEvent event) {
        return switch (event) {
            case SUBMIT_CREATION -> throw new IllegalArgumentException();
            case SUBMIT_UPDATE -> route -> route.submitted(request(Action.UPDATE), NOW);
            case SUBMIT_DELETION -> route -> route.submitted(request(Action.DELETE), NOW);
            case APPROVE -> route -> route.approved(NOW);
            case REFUSE_CREATION, REFUSE_CHANGE, REFUSE_CHANGE_OF_UNDEPLOYED -> route -> route.refused(NOW);
            case REOPEN -> route -> route.reopened("lapsed", NOW);
            case DEPLOY -> route -> route.deploying(NOW);
            case ACTIVATE -> route -> route.activated(NOW);
            case REMOVE -> route -> route.removed(NOW);
        };
    }

    private static Route route(RouteStatus status, RouteEvent event) {
        Optional<RouteStatus> before = switch (event) {
            case REFUSE_CHANGE -> Optional.of(RouteStatus.ACTIVE);
            case REFUSE_CHANGE_OF_UNDEPLOYED -> Optional.of(RouteStatus.PENDING_DEPLOY);
            default -> Optional.empty();
        };
        return new Route(
                UUID.randomUUID(),
                "storefront",
                "shop",
                "cart",
                status,
                before,
                Optional.empty(),
                Optional.of(request(Action.CREATE)),
                Optional.of(request(Action.CREATE)),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                new UserId("erin"),
                NOW,
                NOW);
    }

    private static Route.Request request(Action action) {
        return new Route.Request(action, CanonicalJson.write(SPEC), ApprovalId.random());
    }

    static Stream<Arguments> attachments() {
        return Arrays.stream(AttachmentStatus.values())
                .flatMap(from -> Arrays.stream(AttachmentEvent.values())
                        .filter(event -> event != AttachmentEvent.SUBMIT_ATTACH)
                        .map(event -> Arguments.of(from, event)));
    }

    @ParameterizedTest
    @MethodSource("attachments")
    void attachment_does_what_the_table_says(AttachmentStatus from, AttachmentEvent event) {
        Optional<Lifecycle.Transition<AttachmentStatus, AttachmentEvent>> line =
                AttachmentLifecycle.TABLE.find(from, event);
        Attachment attachment = attachment(from, event);
        UnaryOperator<Attachment> deed = deed(event);

        if (line.isEmpty()) {
            assertThatThrownBy(() -> deed.apply(attachment)).isInstanceOf(RuntimeException.class);
        } else {
            assertThat(deed.apply(attachment).status())
                    .isEqualTo(line.get().to().orElseThrow());
        }
    }

    private static UnaryOperator<Attachment> deed(AttachmentEvent event) {
        return switch (event) {
            case SUBMIT_ATTACH -> throw new IllegalArgumentException();
            case SUBMIT_DETACH -> attachment -> attachment.detachSubmitted(attachmentRequest(), NOW);
            case APPROVE -> attachment -> attachment.approved(NOW);
            case REFUSE_ATTACH, REFUSE_DETACH -> attachment -> attachment.refused(NOW);
            case ACTIVATE, REMOVE -> attachment -> attachment.settled(NOW);
            case LOSE_ROUTE -> attachment -> attachment.routeLost(NOW);
        };
    }

    private static Attachment attachment(AttachmentStatus status, AttachmentEvent event) {
        boolean detaching = event == AttachmentEvent.REFUSE_DETACH || event == AttachmentEvent.REMOVE;
        return new Attachment(
                UUID.randomUUID(),
                "storefront",
                UUID.randomUUID(),
                UUID.randomUUID(),
                status,
                List.of(),
                attachmentRequest(),
                Optional.empty(),
                detaching ? Optional.of(attachmentRequest()) : Optional.empty(),
                false,
                Optional.empty(),
                new UserId("erin"),
                NOW,
                NOW);
    }

    private static Attachment.Request attachmentRequest() {
        return new Attachment.Request("{}", ApprovalId.random());
    }
}
