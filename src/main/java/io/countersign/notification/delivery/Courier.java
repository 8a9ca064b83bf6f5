package io.countersign.notification.delivery;

import io.countersign.approval.Approval;
import io.countersign.approval.Approvals;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Verdict;
import io.countersign.notification.Channel;
import io.countersign.notification.ChannelKind;
import io.countersign.notification.DeliveryAttempted;
import io.countersign.notification.DeliveryAttempted.Outcome;
import io.countersign.notification.delivery.Letter.Button;
import io.countersign.notification.delivery.Letter.Style;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what is queued, one delivery in a transaction. If the mail server does not take a mail, its links are taken
 * back, and the next attempt makes new ones.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Courier {

    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    private final Outbox outbox;
    private final ChannelStore channels;
    private final Approvals approvals;
    private final RequestSummaries summaries;
    private final DecisionLinks decisionLinks;
    private final Confirmations confirmations;
    private final Links links;
    private final MailTransport mail;
    private final SlackTransport slack;
    private final Handovers handovers;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    Courier(
            Outbox outbox,
            ChannelStore channels,
            Approvals approvals,
            RequestSummaries summaries,
            DecisionLinks decisionLinks,
            Confirmations confirmations,
            Links links,
            MailTransport mail,
            SlackTransport slack,
            Handovers handovers,
            Clock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.outbox = outbox;
        this.channels = channels;
        this.approvals = approvals;
        this.summaries = summaries;
        this.decisionLinks = decisionLinks;
        this.confirmations = confirmations;
        this.links = links;
        this.mail = mail;
        this.slack = slack;
        this.handovers = handovers;
        this.clock = clock;
        this.events = events;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Sends a delivery that was tried before, or drops it if nobody wants or needs it any more. Does nothing if that
     * happened already, and throws whatever the other side's refusal throws, so that the job is tried again.
     */
    public void deliver(UUID id) {
        outbox.lockQueued(id).ifPresent(this::deliver);
    }

    /**
     * Makes the first attempt at the delivery that waits longest, in a transaction of its own. If it fails, the engine
     * goes on with it.
     *
     * @return whether there was one
     */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    boolean deliverNext() {
        AtomicReference<UUID> attempted = new AtomicReference<>();
        try {
            transaction.executeWithoutResult(status -> outbox.lockNext().ifPresent(delivery -> {
                attempted.set(delivery.id());
                deliver(delivery);
            }));
        } catch (RuntimeException e) {
            if (attempted.get() == null) {
                throw e;
            }
            log.info("notification status=failed delivery={} reason={}", attempted.get(), e.getMessage());
            transaction.executeWithoutResult(status -> outbox.handOver(attempted.get()));
        }
        return attempted.get() != null;
    }

    private void deliver(Delivery delivery) {
        Optional<Channel> channel = delivery.channel().flatMap(channels::find);
        ChannelKind kind = channel.map(Channel::kind).orElse(null);
        switch (handovers.begin(delivery.id())) {
            case NOT_TAKEN -> sendOrDrop(delivery, channel);
            case TAKEN -> {
                outbox.markSent(delivery);
                announce(kind, Outcome.SENT);
            }
            case UNDER_WAY ->
                throw new IllegalStateException(
                        "Another instance handed this over and has not yet recorded what came of it");
        }
        handovers.end(delivery.id());
    }

    private void sendOrDrop(Delivery delivery, Optional<Channel> channel) {
        Optional<Approval> approval = delivery.purpose() == Delivery.Purpose.DECISION
                ? delivery.approval().map(approvals::get)
                : Optional.empty();
        Optional<String> obstacle = obstacle(delivery, channel, approval);
        if (obstacle.isPresent()) {
            outbox.markDropped(delivery, obstacle.get());
            announce(channel.map(Channel::kind).orElse(null), Outcome.DROPPED);
            return;
        }
        Channel to = channel.orElseThrow();
        Instant begun = clock.instant();
        try {
            send(delivery, to, approval);
        } catch (RuntimeException e) {
            // Links in a mail that may have arrived stay: its reader cannot know that another copy follows.
            if (!MailTransport.mayHaveBeenTaken(e)) {
                decisionLinks.withdraw(delivery.id(), begun);
                confirmations.withdraw(delivery.id(), begun);
            }
            announce(to.kind(), Outcome.FAILED);
            throw e;
        }
        handovers.taken(delivery.id());
        outbox.markSent(delivery);
        announce(to.kind(), Outcome.SENT);
    }

    private void announce(ChannelKind kind, Outcome outcome) {
        events.publishEvent(new DeliveryAttempted(kind, outcome));
    }

    private void send(Delivery delivery, Channel to, Optional<Approval> approval) {
        Letter letter = switch (delivery.purpose()) {
            case MESSAGE -> Letter.of(delivery.message().orElseThrow(), whyYou(to));
            case DECISION -> question(delivery, to, approval.orElseThrow());
            case CONFIRMATION -> confirmation(delivery, to);
        };
        switch (to.kind()) {
            case EMAIL -> mail.send(delivery.id(), to.target(), letter);
            case SLACK -> slack.send(to.target(), letter);
        }
    }

    /** @return why a delivery is not worth sending, if so */
    private Optional<String> obstacle(Delivery delivery, Optional<Channel> channel, Optional<Approval> approval) {
        if (channel.isEmpty()) {
            return Optional.of("the channel was deleted");
        }
        if (delivery.purpose() == Delivery.Purpose.CONFIRMATION) {
            return channel.get().confirmedAt().map(at -> "the address is confirmed already");
        }
        if (!channel.get().usable()) {
            return Optional.of("the channel is switched off or not confirmed");
        }
        if (!delivery.topic().map(channel.get()::subscribed).orElse(true)) {
            return Optional.of("the topic is not subscribed any more");
        }
        return approval.map(asked -> approvals.verdict(asked, asked.stage(delivery.stageOrder()), delivery.user()))
                .filter(verdict -> !verdict.allowed())
                .map(Verdict::explanation);
    }

    private Letter question(Delivery delivery, Channel channel, Approval approval) {
        RequestSummary request = summaries.of(approval);
        boolean personal = channel.kind() == ChannelKind.EMAIL;
        List<Button> buttons = personal
                ? decisionButtons(delivery)
                : List.of(new Button("Open the request", links.approval(approval.id()), Style.OPEN));
        return new Letter(
                delivery.subject(),
                request.sentence(),
                request.facts(),
                request.content(),
                request.changes(),
                buttons,
                (personal
                                ? "Each link opens a page that shows the whole request and asks you to confirm. It works"
                                        + " for you alone, signed in, and until somebody has decided. "
                                : "")
                        + whyYou(channel));
    }

    private List<Button> decisionButtons(Delivery delivery) {
        Map<DecisionKind, String> tokens = decisionLinks.issue(
                delivery.id(), delivery.approval().orElseThrow(), delivery.stageOrder(), delivery.user());
        return List.of(
                new Button("Approve", links.decision(tokens.get(DecisionKind.APPROVE)), Style.APPROVE),
                new Button("Reject", links.decision(tokens.get(DecisionKind.REJECT)), Style.REJECT));
    }

    private Letter confirmation(Delivery delivery, Channel channel) {
        return new Letter(
                "Confirm your e-mail address",
                "Confirm that " + channel.target() + " is your address.",
                List.of(),
                List.of(),
                List.of(),
                List.of(new Button(
                        "Confirm this address",
                        links.confirmation(confirmations.issue(delivery.id(), channel.id())),
                        Style.OPEN)),
                summaries.person(channel.user()) + " wants notifications of "
                        + channel.scope().id()
                        + " sent here. If that is not you, ignore this mail: nothing more will come. The link works for"
                        + " 7 days.");
    }

    private String whyYou(Channel channel) {
        return "You get this because your channel \"" + channel.name() + "\" is subscribed for "
                + channel.scope().id() + ". Change that at " + links.settings() + ".";
    }
}
