package io.countersign.notification.delivery;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Approvals;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.Verdict;
import io.countersign.identity.People;
import io.countersign.identity.UserId;
import io.countersign.notification.Channel;
import io.countersign.notification.ChannelId;
import io.countersign.notification.ChannelKind;
import io.countersign.notification.DeliveryAttempted;
import io.countersign.notification.DeliveryAttempted.Outcome;
import io.countersign.notification.delivery.Letter.Button;
import io.countersign.notification.delivery.Letter.Style;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what is queued. If the mail server does not take a mail, its links are taken back, and the next attempt makes
 * new ones.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Courier {

    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    /** How many mails go out over one connection and are noted in one transaction. */
    private static final int BATCH = 20;

    private final Outbox outbox;
    private final ChannelStore channels;
    private final People people;
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
            People people,
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
        this.people = people;
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
        deliver(parcels(outbox.lockQueued(id).stream().toList())).values().forEach(failure -> {
            throw failure;
        });
    }

    /**
     * Makes the first attempt at the deliveries that wait longest: at mails together, in one transaction, and at each
     * of the others in a transaction of its own. With what fails, the engine goes on.
     *
     * @return whether there may be more
     */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    boolean deliverNext() {
        List<UUID> seen = new ArrayList<>();
        List<UUID> others = new ArrayList<>();
        Map<UUID, RuntimeException> failures = new HashMap<>();
        try {
            transaction.executeWithoutResult(status -> {
                List<Delivery> next = outbox.lockNext(BATCH);
                next.stream().map(Delivery::id).forEach(seen::add);
                List<Parcel> mails = new ArrayList<>();
                for (Parcel parcel : parcels(next)) {
                    if (parcel.kind() == ChannelKind.SLACK) {
                        others.add(parcel.id());
                    } else {
                        mails.add(parcel);
                    }
                }
                failures.putAll(deliver(mails));
            });
        } catch (RuntimeException e) {
            if (seen.isEmpty()) {
                throw e;
            }
            log.info("notifications are delivered one by one, as together they failed: reason={}", e.getMessage());
            seen.forEach(this::deliverAlone);
            return true;
        }
        failures.forEach(this::handOver);
        others.forEach(this::deliverAlone);
        return seen.size() == BATCH;
    }

    private void deliverAlone(UUID id) {
        try {
            transaction.executeWithoutResult(status -> deliver(id));
        } catch (RuntimeException e) {
            handOver(id, e);
        }
    }

    private void handOver(UUID id, RuntimeException failure) {
        log.info("notification status=failed delivery={} reason={}", id, failure.getMessage());
        transaction.executeWithoutResult(status -> outbox.handOver(id));
    }

    /** A delivery on its way. */
    private record Parcel(
            Delivery delivery, boolean forActive, Optional<Channel> channel, Optional<Approval> approval) {

        /** The stage about which a decision is asked for. */
        Stage stage() {
            return approval.orElseThrow().stage(delivery.stageOrder());
        }

        UUID id() {
            return delivery.id();
        }

        ChannelKind kind() {
            return channel.map(Channel::kind).orElse(null);
        }
    }

    private List<Parcel> parcels(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return List.of();
        }
        Map<ChannelId, Channel> to = channels.find(deliveries.stream()
                .flatMap(delivery -> delivery.channel().stream())
                .toList());
        Set<UserId> gone =
                people.deactivatedAmong(deliveries.stream().map(Delivery::user).collect(Collectors.toSet()));
        Map<ApprovalId, Approval> asked = new HashMap<>();
        return deliveries.stream()
                .map(delivery -> new Parcel(
                        delivery,
                        !gone.contains(delivery.user()),
                        delivery.channel().map(to::get),
                        delivery.asksForDecision()
                                ? delivery.approval().map(id -> asked.computeIfAbsent(id, approvals::get))
                                : Optional.empty()))
                .toList();
    }

    /** @return what the rules say of those who are asked for a decision, by delivery */
    private Map<UUID, Verdict> verdicts(List<Parcel> parcels) {
        Map<StageId, List<Parcel>> byStage = parcels.stream()
                .filter(parcel -> parcel.delivery().asksForDecision())
                .collect(Collectors.groupingBy(parcel -> parcel.stage().id()));
        Map<UUID, Verdict> verdicts = new HashMap<>();
        byStage.values().forEach(asking -> {
            Parcel any = asking.get(0);
            Map<UserId, Verdict> byPerson = approvals.verdicts(
                    any.approval().orElseThrow(),
                    any.stage(),
                    asking.stream().map(parcel -> parcel.delivery().user()).collect(Collectors.toSet()));
            asking.forEach(parcel ->
                    verdicts.put(parcel.id(), byPerson.get(parcel.delivery().user())));
        });
        return verdicts;
    }

    /** @return why the other side did not take a delivery, by its id; what it took, or nobody needs, is noted */
    private Map<UUID, RuntimeException> deliver(List<Parcel> parcels) {
        if (parcels.isEmpty()) {
            return Map.of();
        }
        Map<UUID, RuntimeException> failures = new HashMap<>();
        List<UUID> ended = new ArrayList<>();
        List<Parcel> taken = new ArrayList<>();
        List<Parcel> wanted = new ArrayList<>();
        Map<Parcel, String> unwanted = new LinkedHashMap<>();
        Map<UUID, Handovers.Earlier> earlier =
                handovers.begin(parcels.stream().map(Parcel::id).toList());
        Map<UUID, Verdict> verdicts = verdicts(parcels);
        for (Parcel parcel : parcels) {
            switch (earlier.get(parcel.id())) {
                case NOT_TAKEN -> {
                    ended.add(parcel.id());
                    obstacle(parcel, Optional.ofNullable(verdicts.get(parcel.id())))
                            .ifPresentOrElse(reason -> unwanted.put(parcel, reason), () -> wanted.add(parcel));
                }
                case TAKEN -> {
                    ended.add(parcel.id());
                    taken.add(parcel);
                }
                case UNDER_WAY -> failures.put(parcel.id(), Handovers.underWay());
            }
        }
        drop(unwanted);
        failures.putAll(send(wanted));
        for (Parcel parcel : wanted) {
            if (!failures.containsKey(parcel.id())) {
                handovers.taken(parcel.id());
                taken.add(parcel);
            }
        }
        if (!taken.isEmpty()) {
            outbox.markSent(taken.stream().map(Parcel::delivery).toList());
        }
        taken.forEach(parcel -> announce(parcel.kind(), Outcome.SENT));
        handovers.end(ended);
        return failures;
    }

    private Map<UUID, RuntimeException> send(List<Parcel> parcels) {
        Instant begun = clock.instant();
        List<Delivery> questions = parcels.stream()
                .filter(parcel -> parcel.delivery().asksForDecision() && parcel.kind() == ChannelKind.EMAIL)
                .map(Parcel::delivery)
                .toList();
        Map<UUID, Map<DecisionKind, String>> tokens = questions.isEmpty() ? Map.of() : decisionLinks.issue(questions);
        List<MailTransport.Mail> mails = new ArrayList<>();
        Map<UUID, RuntimeException> failures = new HashMap<>();
        for (Parcel parcel : parcels) {
            Letter letter = letter(parcel, tokens.getOrDefault(parcel.id(), Map.of()));
            String target = parcel.channel().orElseThrow().target();
            switch (parcel.kind()) {
                case EMAIL -> mails.add(new MailTransport.Mail(parcel.id(), target, letter));
                case SLACK -> {
                    try {
                        slack.send(target, letter);
                    } catch (RuntimeException e) {
                        failures.put(parcel.id(), e);
                    }
                }
            }
        }
        failures.putAll(mail.send(mails));
        parcels.stream()
                .filter(parcel -> failures.containsKey(parcel.id()))
                .forEach(parcel -> failed(parcel, failures.get(parcel.id()), begun));
        return failures;
    }

    private void drop(Map<Parcel, String> unwanted) {
        if (!unwanted.isEmpty()) {
            Map<Delivery, String> reasons = new LinkedHashMap<>();
            unwanted.forEach((parcel, reason) -> reasons.put(parcel.delivery(), reason));
            outbox.markDropped(reasons);
            unwanted.keySet().forEach(parcel -> announce(parcel.kind(), Outcome.DROPPED));
        }
    }

    private void failed(Parcel parcel, RuntimeException failure, Instant begun) {
        // Links in a mail that may have arrived stay: its reader cannot know that another copy follows.
        if (!MailTransport.mayHaveBeenTaken(failure)) {
            decisionLinks.withdraw(parcel.id(), begun);
            confirmations.withdraw(parcel.id(), begun);
        }
        announce(parcel.kind(), Outcome.FAILED);
    }

    private void announce(ChannelKind kind, Outcome outcome) {
        events.publishEvent(new DeliveryAttempted(kind, outcome));
    }

    private Letter letter(Parcel parcel, Map<DecisionKind, String> tokens) {
        Channel to = parcel.channel().orElseThrow();
        return switch (parcel.delivery().purpose()) {
            case MESSAGE -> Letter.of(parcel.delivery().message().orElseThrow(), whyYou(to));
            case DECISION -> question(parcel.delivery(), to, parcel.approval().orElseThrow(), tokens);
            case CONFIRMATION -> confirmation(parcel.delivery(), to);
        };
    }

    /**
     * @param verdict on the person who is asked for a decision
     * @return why a delivery is not worth sending, if so
     */
    private Optional<String> obstacle(Parcel parcel, Optional<Verdict> verdict) {
        Delivery delivery = parcel.delivery();
        Optional<Channel> channel = parcel.channel();
        if (!parcel.forActive()) {
            return Optional.of("the person is deactivated");
        }
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
        return verdict.filter(given -> !given.allowed()).map(Verdict::explanation);
    }

    private Letter question(Delivery delivery, Channel channel, Approval approval, Map<DecisionKind, String> tokens) {
        RequestSummary request = summaries.of(approval);
        boolean personal = channel.kind() == ChannelKind.EMAIL;
        List<Button> buttons = personal
                ? decisionButtons(tokens)
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

    private List<Button> decisionButtons(Map<DecisionKind, String> tokens) {
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
