package io.countersign.notification.outbox;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.ReachabilityChanged;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.Verdict;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.notification.NotificationProperties;
import io.countersign.notification.channel.AddressConfirmations;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelKind;
import io.countersign.notification.channel.ChannelStore;
import io.countersign.notification.content.OutgoingMessage;
import io.countersign.notification.content.OutgoingMessage.Button;
import io.countersign.notification.content.OutgoingMessage.Style;
import io.countersign.notification.content.RequestSummaries;
import io.countersign.notification.content.RequestSummary;
import io.countersign.notification.link.DecisionLinks;
import io.countersign.notification.link.Links;
import io.countersign.notification.mail.MailTransport;
import io.countersign.notification.outbox.DeliveryAttempted.Outcome;
import io.countersign.notification.webhook.SlackTransport;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends queued deliveries. If the mail server does not accept a mail, its links are revoked, and the next attempt makes
 * new ones.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class DeliverySender {

    private static final Logger log = LoggerFactory.getLogger(DeliverySender.class);

    /** The maximum number of mails per connection. */
    private static final int BATCH = 20;

    /** The maximum number of notices in one digest. */
    private static final int DIGEST = 50;

    private static final String ABOUT_LINKS =
            "Each link opens a page that shows the whole request and asks you to confirm. It works only for you, once you have signed"
                    + " in, and until the stage is decided. ";

    private final Outbox outbox;
    private final ChannelStore channels;
    private final People people;
    private final Approvals approvals;
    private final DecisionRights rights;
    private final RequestSummaries summaries;
    private final DecisionLinks decisionLinks;
    private final AddressConfirmations confirmations;
    private final Links links;
    private final MailTransport mail;
    private final SlackTransport slack;
    private final SendAttempts attempts;
    private final NotificationProperties properties;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    DeliverySender(
            Outbox outbox,
            ChannelStore channels,
            People people,
            Approvals approvals,
            DecisionRights rights,
            RequestSummaries summaries,
            DecisionLinks decisionLinks,
            AddressConfirmations confirmations,
            Links links,
            MailTransport mail,
            SlackTransport slack,
            SendAttempts attempts,
            NotificationProperties properties,
            Clock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.outbox = outbox;
        this.channels = channels;
        this.people = people;
        this.approvals = approvals;
        this.rights = rights;
        this.summaries = summaries;
        this.decisionLinks = decisionLinks;
        this.confirmations = confirmations;
        this.links = links;
        this.mail = mail;
        this.slack = slack;
        this.attempts = attempts;
        this.properties = properties;
        this.clock = clock;
        this.events = events;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Retries a delivery, or drops it if it is no longer wanted or needed. Does nothing if it is finished, and rethrows
     * the receiver's refusal, so that the job is retried.
     */
    public void deliver(UUID id) {
        outbox.lockQueued(id).ifPresent(delivery -> {
            deliver(parcels(List.of(delivery)).get(0));
            if (delivery.asksForDecision()) {
                events.publishEvent(new ReachabilityChanged(delivery.user(), delivery.scope()));
            }
        });
    }

    /**
     * Makes the first attempt at the next deliveries: mails over one connection, each recorded as soon as the mail
     * server accepts it, and each of the others in a separate transaction. The engine retries those that fail.
     *
     * @return whether there may be more
     */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    boolean deliverNext() {
        List<UUID> seen = new ArrayList<>();
        Load load;
        try {
            load = transaction.execute(status -> load(seen));
        } catch (RuntimeException e) {
            if (seen.isEmpty()) {
                throw e;
            }
            log.info("event=delivery_batch_failed reason={}", e.getMessage());
            seen.forEach(this::deliverAlone);
            return true;
        }
        send(load.mails());
        load.others().forEach(this::deliverAlone);
        return seen.size() == BATCH;
    }

    private void deliverAlone(UUID id) {
        try {
            transaction.executeWithoutResult(status -> deliver(id));
        } catch (RuntimeException e) {
            handOver(List.of(id), e);
        }
    }

    private void handOver(List<UUID> ids, RuntimeException failure) {
        transaction.executeWithoutResult(status -> {
            ids.forEach(id -> {
                log.info("event=notification status=failed delivery={} reason={}", id, failure.getMessage());
                outbox.handOver(id);
            });
            attempts.end(ids);
        });
    }

    /**
     * What this instance has taken to send.
     *
     * @param mails items that are each sent as one mail
     * @param others deliveries that are sent by other means
     */
    private record Load(List<Bundle> mails, List<UUID> others) {}

    /** The content of one mail: one delivery, or a digest of several to one channel. */
    private record Bundle(List<Parcel> parcels) {

        /** A different set of deliveries is a different mail: readers must not take it for a repetition. */
        UUID id() {
            return digest().orElse(parcels.get(0).id());
        }

        Optional<UUID> digest() {
            return parcels.size() == 1
                    ? Optional.empty()
                    : Optional.of(UUID.nameUUIDFromBytes(deliveries().toString().getBytes(StandardCharsets.UTF_8)));
        }

        List<UUID> deliveries() {
            return parcels.stream().map(Parcel::id).sorted().toList();
        }

        Channel to() {
            return parcels.get(0).channel().orElseThrow();
        }
    }

    /** Takes the next deliveries, and records those that are no longer wanted or needed. */
    private Load load(List<UUID> seen) {
        List<Delivery> next = outbox.lockNext(BATCH);
        next.stream().map(Delivery::id).forEach(seen::add);
        List<Delivery> due = new ArrayList<>(next);
        Set<ChannelId> digests = sumUp(due);
        List<UUID> others = new ArrayList<>();
        List<Parcel> mails = new ArrayList<>();
        for (Parcel parcel : parcels(due)) {
            if (parcel.kind() == ChannelKind.SLACK) {
                others.add(parcel.id());
            } else {
                mails.add(parcel);
            }
        }
        Map<Object, List<Parcel>> bundles = new LinkedHashMap<>();
        for (Parcel parcel : wanted(mails)) {
            Object bundle =
                    summedUp(parcel.delivery(), digests) ? parcel.delivery().channel() : parcel.id();
            bundles.computeIfAbsent(bundle, key -> new ArrayList<>()).add(parcel);
        }
        return new Load(bundles.values().stream().map(Bundle::new).toList(), others);
    }

    /**
     * Postpones deliveries to busy channels until they can be sent as a digest, or adds everything that waits for them.
     *
     * @param due the deliveries to send; postponed ones are removed, and those for the same digest are added
     * @return the channels that get a single digest mail
     */
    private Set<ChannelId> sumUp(List<Delivery> due) {
        Set<ChannelId> told =
                due.stream().flatMap(delivery -> delivery.channel().stream()).collect(Collectors.toSet());
        Set<ChannelId> digests = new HashSet<>();
        if (properties.digestAfter() == 0 || told.isEmpty()) {
            return digests;
        }
        Map<ChannelId, Instant> held = new HashMap<>();
        List<Delivery> together = new ArrayList<>();
        outbox.traffic(told, clock.instant().minus(properties.digestWindow())).forEach((channel, traffic) -> {
            if (traffic.sent() + traffic.waiting() <= properties.digestAfter()) {
                return;
            }
            due.removeIf(delivery -> summedUp(delivery, Set.of(channel)));
            if (traffic.sent() > 0) {
                held.put(channel, traffic.last().plus(properties.digestWindow()));
            } else {
                digests.add(channel);
                together.addAll(outbox.lockWaiting(channel, DIGEST));
            }
        });
        outbox.hold(held);
        due.addAll(together);
        return digests;
    }

    /** Whether it belongs in a digest to these channels; an address confirmation never does. */
    private static boolean summedUp(Delivery delivery, Set<ChannelId> channels) {
        return delivery.purpose() != Delivery.Purpose.CONFIRMATION
                && delivery.channel().filter(channels::contains).isPresent();
    }

    /** @return those that this instance has taken and that are wanted; others are recorded with their outcome */
    private List<Parcel> wanted(List<Parcel> parcels) {
        if (parcels.isEmpty()) {
            return List.of();
        }
        Map<UUID, SendAttempts.Earlier> earlier =
                attempts.take(parcels.stream().map(Parcel::id).toList());
        Map<UUID, Verdict> verdicts = verdicts(parcels);
        List<Parcel> wanted = new ArrayList<>();
        List<UUID> ended = new ArrayList<>();
        Map<Parcel, String> unwanted = new LinkedHashMap<>();
        for (Parcel parcel : parcels) {
            switch (earlier.get(parcel.id())) {
                case NOT_TAKEN ->
                    obstacle(parcel, Optional.ofNullable(verdicts.get(parcel.id())))
                            .ifPresentOrElse(reason -> unwanted.put(parcel, reason), () -> wanted.add(parcel));
                case TAKEN -> {
                    ended.add(parcel.id());
                    sent(parcel);
                }
                case UNDER_WAY -> {}
            }
        }
        drop(unwanted);
        unwanted.keySet().forEach(parcel -> ended.add(parcel.id()));
        attempts.end(ended);
        return wanted;
    }

    /** A delivery being sent. */
    private record Parcel(
            Delivery delivery, boolean forActive, Optional<Channel> channel, Optional<Approval> approval) {

        /** The stage to decide. */
        Stage stage() {
            return approval.orElseThrow().stage(delivery.stageOrder());
        }

        UUID id() {
            return delivery.id();
        }

        DecisionLinks.Question question() {
            return new DecisionLinks.Question(
                    id(), delivery.approval().orElseThrow(), delivery.stageOrder(), delivery.user());
        }

        ChannelKind kind() {
            return channel.map(Channel::kind).orElse(null);
        }

        /** Whether its channel exists, is usable and is subscribed to the topic. */
        boolean reaches() {
            return channel.filter(to ->
                            to.usable() && delivery.topic().map(to::subscribed).orElse(true))
                    .isPresent();
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

    /** @return the rules' verdicts on the people asked to decide, by delivery */
    private Map<UUID, Verdict> verdicts(List<Parcel> parcels) {
        Map<StageId, List<Parcel>> byStage = parcels.stream()
                .filter(parcel -> parcel.delivery().asksForDecision())
                .collect(Collectors.groupingBy(parcel -> parcel.stage().id()));
        Map<UUID, Verdict> verdicts = new HashMap<>();
        byStage.values().forEach(asking -> {
            Parcel any = asking.get(0);
            Map<UserId, Verdict> byPerson = rights.verdicts(
                    any.approval().orElseThrow(),
                    any.stage(),
                    asking.stream().map(parcel -> parcel.delivery().user()).collect(Collectors.toSet()));
            asking.forEach(parcel ->
                    verdicts.put(parcel.id(), byPerson.get(parcel.delivery().user())));
        });
        return verdicts;
    }

    /** Sends a delivery that the current transaction has locked, and records the outcome in the same transaction. */
    private void deliver(Parcel parcel) {
        switch (attempts.begin(List.of(parcel.id())).get(parcel.id())) {
            case NOT_TAKEN -> {
                Optional<String> obstacle = obstacle(
                        parcel, Optional.ofNullable(verdicts(List.of(parcel)).get(parcel.id())));
                if (obstacle.isPresent()) {
                    drop(Map.of(parcel, obstacle.get()));
                } else {
                    Instant begun = clock.instant();
                    try {
                        hand(parcel);
                    } catch (RuntimeException e) {
                        failed(new Bundle(List.of(parcel)), e, begun);
                        throw e;
                    }
                    attempts.taken(parcel.id());
                    sent(parcel);
                }
            }
            case TAKEN -> sent(parcel);
            case UNDER_WAY -> throw SendAttempts.underWay();
        }
        attempts.end(List.of(parcel.id()));
    }

    private void hand(Parcel parcel) {
        Channel to = parcel.channel().orElseThrow();
        Bundle bundle = new Bundle(List.of(parcel));
        OutgoingMessage letter = letter(bundle, tokens(List.of(bundle)));
        switch (to.kind()) {
            case EMAIL -> {
                RuntimeException failure = mail.send(
                                List.of(new MailTransport.Mail(parcel.id(), to.target(), letter)), taken -> {})
                        .get(parcel.id());
                if (failure != null) {
                    throw failure;
                }
            }
            case SLACK -> slack.send(to.target(), letter);
        }
    }

    private void sent(Parcel parcel) {
        outbox.markSent(List.of(parcel.delivery()));
        announce(parcel.kind(), Outcome.SENT);
    }

    /** Sends what this instance has taken, and records the outcome of each mail before it sends the next. */
    private void send(List<Bundle> bundles) {
        Map<UUID, Bundle> left = new LinkedHashMap<>();
        bundles.forEach(bundle -> left.put(bundle.id(), bundle));
        try {
            Instant begun = clock.instant();
            Map<UUID, RuntimeException> failures = new HashMap<>();
            Map<UUID, Map<DecisionKind, String>> tokens = tokens(bundles);
            List<MailTransport.Mail> mails = new ArrayList<>();
            for (Bundle bundle : bundles) {
                try {
                    mails.add(new MailTransport.Mail(bundle.id(), bundle.to().target(), letter(bundle, tokens)));
                } catch (RuntimeException e) {
                    failures.put(bundle.id(), e);
                }
            }
            failures.putAll(mail.send(mails, taken -> accepted(left.remove(taken.delivery()))));
            failures.forEach((id, failure) -> {
                Bundle bundle = left.get(id);
                failed(bundle, failure, begun);
                handOver(bundle.deliveries(), failure);
                left.remove(id);
            });
        } finally {
            left.values().forEach(bundle -> attempts.release(bundle.deliveries()));
        }
    }

    private void accepted(Bundle bundle) {
        List<Delivery> deliveries =
                bundle.parcels().stream().map(Parcel::delivery).toList();
        attempts.accepted(bundle.deliveries(), () -> {
            outbox.markSent(deliveries, bundle.digest());
            bundle.parcels().forEach(parcel -> announce(parcel.kind(), Outcome.SENT));
        });
    }

    private Map<UUID, Map<DecisionKind, String>> tokens(List<Bundle> bundles) {
        List<DecisionLinks.Question> questions = bundles.stream()
                .flatMap(bundle -> bundle.parcels().stream())
                .filter(parcel -> parcel.delivery().asksForDecision() && parcel.kind() == ChannelKind.EMAIL)
                .map(Parcel::question)
                .toList();
        return questions.isEmpty() ? Map.of() : decisionLinks.issue(questions);
    }

    private void drop(Map<Parcel, String> unwanted) {
        if (!unwanted.isEmpty()) {
            Map<Delivery, String> reasons = new LinkedHashMap<>();
            unwanted.forEach((parcel, reason) -> reasons.put(parcel.delivery(), reason));
            outbox.markDropped(reasons);
            unwanted.keySet().forEach(parcel -> {
                announce(parcel.kind(), Outcome.DROPPED);
                if (parcel.delivery().asksForDecision() && parcel.forActive() && !parcel.reaches()) {
                    outbox.queueElsewhere(parcel.delivery());
                }
            });
        }
    }

    private void failed(Bundle bundle, RuntimeException failure, Instant begun) {
        // Links in a mail that may have arrived stay valid: its reader cannot know that another copy follows.
        boolean gone = MailTransport.mayHaveBeenTaken(failure);
        for (Parcel parcel : bundle.parcels()) {
            if (!gone) {
                decisionLinks.withdraw(parcel.id(), begun);
                confirmations.withdraw(parcel.id(), begun);
            }
            announce(parcel.kind(), Outcome.FAILED);
        }
    }

    private void announce(ChannelKind kind, Outcome outcome) {
        events.publishEvent(new DeliveryAttempted(kind, outcome));
    }

    private OutgoingMessage letter(Bundle bundle, Map<UUID, Map<DecisionKind, String>> tokens) {
        List<Parcel> parcels = bundle.parcels();
        return parcels.size() == 1 ? letter(parcels.get(0), tokens) : digest(bundle, tokens);
    }

    private OutgoingMessage digest(Bundle bundle, Map<UUID, Map<DecisionKind, String>> tokens) {
        Map<Boolean, List<OutgoingMessage>> parts = bundle.parcels().stream()
                .collect(Collectors.partitioningBy(
                        parcel -> parcel.delivery().asksForDecision(),
                        Collectors.mapping(parcel -> letter(parcel, tokens), Collectors.toList())));
        int questions = parts.get(true).size();
        int notices = parts.get(false).size();
        Channel to = bundle.to();
        String subject = (questions == 0 ? "" : questions + (questions == 1 ? " approval needed" : " approvals needed"))
                + (questions == 0 || notices == 0 ? "" : ", ")
                + (notices == 0 ? "" : notices + (notices == 1 ? " notice" : " notices"))
                + (to.scope().equals(Scope.PLATFORM) ? "" : " in " + to.scope().id());
        return OutgoingMessage.digest(
                subject,
                Stream.concat(parts.get(true).stream(), parts.get(false).stream())
                        .toList(),
                (questions == 0 ? "" : ABOUT_LINKS) + whyYou(to)
                        + " Notices in quick succession are combined into one mail.");
    }

    private OutgoingMessage letter(Parcel parcel, Map<UUID, Map<DecisionKind, String>> tokens) {
        Channel to = parcel.channel().orElseThrow();
        return switch (parcel.delivery().purpose()) {
            case MESSAGE -> OutgoingMessage.of(parcel.delivery().message().orElseThrow(), whyYou(to));
            case DECISION ->
                question(
                        parcel.delivery(),
                        to,
                        parcel.approval().orElseThrow(),
                        tokens.getOrDefault(parcel.id(), Map.of()));
            case CONFIRMATION -> confirmation(parcel.delivery(), to);
        };
    }

    /**
     * @param verdict the verdict on the person asked for a decision
     * @return why a delivery should not be sent, if so
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

    private OutgoingMessage question(
            Delivery delivery, Channel channel, Approval approval, Map<DecisionKind, String> tokens) {
        RequestSummary request = summaries.of(approval);
        boolean personal = channel.kind() == ChannelKind.EMAIL;
        List<Button> buttons = personal
                ? decisionButtons(tokens)
                : List.of(new Button("Open the request", links.approval(approval.id()), Style.OPEN));
        return new OutgoingMessage(
                delivery.subject(),
                request.sentence(),
                request.facts(),
                request.content(),
                request.changes(),
                buttons,
                (personal ? ABOUT_LINKS : "") + whyYou(channel));
    }

    private List<Button> decisionButtons(Map<DecisionKind, String> tokens) {
        return List.of(
                new Button("Approve", links.decision(tokens.get(DecisionKind.APPROVE)), Style.APPROVE),
                new Button("Reject", links.decision(tokens.get(DecisionKind.REJECT)), Style.REJECT));
    }

    private OutgoingMessage confirmation(Delivery delivery, Channel channel) {
        return new OutgoingMessage(
                "Confirm your e-mail address",
                "Confirm that " + channel.target() + " is your address.",
                List.of(),
                List.of(),
                List.of(),
                List.of(new Button(
                        "Confirm this address",
                        links.confirmation(confirmations.issue(delivery.id(), channel.id())),
                        Style.OPEN)),
                "Notifications of " + channel.scope().id() + " for " + summaries.person(channel.user())
                        + " are sent here once they have signed in and confirmed this. If that is not you, ignore this"
                        + " mail: you will get no others. The link works for 7 days.");
    }

    private String whyYou(Channel channel) {
        return "You are receiving this because your channel \"" + channel.name() + "\" is subscribed to "
                + channel.scope().id() + ". Change that at " + links.settings() + ".";
    }
}
