package io.countersign.identity.throttle;

import io.countersign.api.http.Networks;
import io.countersign.api.secret.Sha256;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Origin;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Slows down guessing of passwords and client secrets. Failures are counted across all instances for three subjects: a
 * name from an address, an address, and a name. A subject that fails too often is blocked for a while, and the time
 * doubles with every further failure. Whether a name exists makes no difference.
 *
 * <p>For a person who signed in from the same address within 30 days, only failures there under their own name count:
 * guessing from elsewhere, or of other names, does not lock them out.
 *
 * <p>Not a rate limiter library, because those count calls in a bucket: this counts failures of three subjects across
 * all instances, and exempts known addresses.
 */
@Component
public class SignInThrottle {

    private static final Logger log = LoggerFactory.getLogger(SignInThrottle.class);

    /** The count restarts this long after the last failure. */
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private static final Duration KNOWN_ADDRESS = Duration.ofDays(30);
    private static final Duration NOTE_SUCCESS_EVERY = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditTrail audit;
    private final SignInTrail trail;
    private final Clock clock;

    SignInThrottle(JdbcClient jdbc, TransactionTemplate transaction, AuditTrail audit, SignInTrail trail, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.audit = audit;
        this.trail = trail;
        this.clock = clock;
    }

    /** The kind of names being tried. */
    public enum Door {
        /** People's user names. */
        USER("user", "user", Principal.Kind.PERSON),
        /** Orchestrators' client ids. */
        CLIENT("client", "orchestrator_client", Principal.Kind.ORCHESTRATOR);

        private final String inLog;
        private final String entityType;
        private final Principal.Kind kind;

        Door(String inLog, String entityType, Principal.Kind kind) {
            this.inLog = inLog;
            this.entityType = entityType;
            this.kind = kind;
        }

        /** @return its entity type in the trail */
        String entityType() {
            return entityType;
        }

        /** @return the principal with a name of this kind */
        Principal principal(String name) {
            return new Principal(kind, name);
        }

        @Override
        public String toString() {
            return inLog;
        }
    }

    /** A counted subject, its number of free failures, and its first and longest block. */
    private enum Kind {
        NAME_AT_ADDRESS(5, Duration.ofSeconds(30), Duration.ofMinutes(15)),
        ADDRESS(30, Duration.ofSeconds(30), Duration.ofMinutes(15)),
        NAME(20, Duration.ofSeconds(10), Duration.ofMinutes(1));

        private final int free;
        private final Duration first;
        private final Duration longest;

        Kind(int free, Duration first, Duration longest) {
            this.free = free;
            this.first = first;
            this.longest = longest;
        }

        Optional<Duration> refusalAfter(int failures) {
            if (failures < free) {
                return Optional.empty();
            }
            Duration doubled = first.multipliedBy(1L << Math.min(failures - free, 16));
            return Optional.of(doubled.compareTo(longest) > 0 ? longest : doubled);
        }
    }

    private record Attempt(String nameAtAddress, String address, String name) {

        String subject(Kind kind) {
            return switch (kind) {
                case NAME_AT_ADDRESS -> nameAtAddress;
                case ADDRESS -> address;
                case NAME -> name;
            };
        }
    }

    private record Count(String subject, int failures, Instant blockedUntil, Instant succeededAt) {}

    /**
     * Allows an attempt to sign in, unless too many have failed.
     *
     * @param door the kind of names
     * @param name as typed
     * @param known whether the name exists: for the log and the trail, which must not contain passwords typed as names
     * @param attempt checks the password
     * @return what the attempt returns
     * @throws TooManyAttempts if the attempt was not made, or no longer counts because others failed meanwhile
     */
    public <T> T attempt(Door door, String name, BooleanSupplier known, Supplier<T> attempt) {
        String address = Origin.currentAddress().map(Networks::customerOf).orElse("");
        Attempt subjects = new Attempt(
                hash(Kind.NAME_AT_ADDRESS, door, name, address),
                hash(Kind.ADDRESS, "", "", address),
                hash(Kind.NAME, door, name, ""));
        refuseIfBlocked(subjects);
        T result;
        try {
            result = attempt.get();
        } catch (AuthenticationException e) {
            if (!(e instanceof AuthenticationServiceException)) {
                failed(subjects, door, name, address, known);
            }
            throw e;
        }
        // Many simultaneous guesses all begin before the first has failed.
        List<Count> counts = refuseIfBlocked(subjects);
        succeeded(subjects, counts, door, name);
        return result;
    }

    private List<Count> refuseIfBlocked(Attempt attempt) {
        Instant now = clock.instant();
        List<Count> counts = counts(attempt);
        boolean atHome = counts.stream()
                .anyMatch(count -> count.subject().equals(attempt.nameAtAddress())
                        && count.succeededAt() != null
                        && count.succeededAt().isAfter(now.minus(KNOWN_ADDRESS)));
        counts.stream()
                .filter(count -> !atHome || count.subject().equals(attempt.nameAtAddress()))
                .filter(count ->
                        count.blockedUntil() != null && count.blockedUntil().isAfter(now))
                .map(count -> Duration.between(now, count.blockedUntil()))
                .max(Duration::compareTo)
                .ifPresent(wait -> {
                    throw new TooManyAttempts(wait);
                });
        return counts;
    }

    private List<Count> counts(Attempt attempt) {
        return jdbc.sql("""
                        select subject, failures, blocked_until, succeeded_at from sign_in_attempts
                        where subject in (?, ?, ?)""")
                .params(attempt.nameAtAddress(), attempt.address(), attempt.name())
                .query((row, n) -> new Count(
                        row.getString("subject"),
                        row.getInt("failures"),
                        instant(row.getTimestamp("blocked_until")),
                        instant(row.getTimestamp("succeeded_at"))))
                .list();
    }

    private void failed(Attempt attempt, Door door, String name, String address, BooleanSupplier known) {
        Instant now = clock.instant();
        boolean exists = known.getAsBoolean();
        // An unknown name may be a password.
        String shown = exists ? name : "(unknown)";
        log.info("event=sign_in outcome=failed {}={} address={}", door, shown, address);
        transaction.executeWithoutResult(status -> {
            trail.failed(door, name, exists);
            for (Kind kind : Kind.values()) {
                int failures = jdbc.sql("""
                                insert into sign_in_attempts as a (subject, failures, last_failed_at)
                                values (:subject, 1, :now)
                                on conflict (subject) do update set
                                    failures = case when a.last_failed_at > :forgotten then a.failures + 1 else 1 end,
                                    last_failed_at = :now
                                returning failures""")
                        .param("subject", attempt.subject(kind))
                        .param("now", Timestamp.from(now))
                        .param("forgotten", Timestamp.from(now.minus(MEMORY)))
                        .query(Integer.class)
                        .single();
                kind.refusalAfter(failures).ifPresent(refusal -> {
                    block(attempt.subject(kind), now.plus(refusal));
                    log.warn(
                            "event=sign_in outcome=blocked what={} {}={} address={} seconds={}",
                            kind.name().toLowerCase(java.util.Locale.ROOT),
                            door,
                            shown,
                            address,
                            refusal.toSeconds());
                    if (exists && kind != Kind.ADDRESS) {
                        audit.record(
                                AuditAction.BLOCK_SIGN_IN,
                                new AuditSubject(door.entityType(), name, name, Scope.PLATFORM.toString()),
                                Map.of("failures", failures, "seconds", refusal.toSeconds()));
                    }
                });
            }
        });
    }

    private void block(String subject, Instant until) {
        jdbc.sql("update sign_in_attempts set blocked_until = ? where subject = ?")
                .params(Timestamp.from(until), subject)
                .update();
    }

    /** Written at most once a day per name and address, so that HTTP Basic does not cost a write each time. */
    private void succeeded(Attempt attempt, List<Count> counts, Door door, String name) {
        Instant now = clock.instant();
        boolean noted = counts.stream()
                .anyMatch(count -> count.subject().equals(attempt.nameAtAddress())
                        && count.failures() == 0
                        && count.succeededAt() != null
                        && count.succeededAt().isAfter(now.minus(NOTE_SUCCESS_EVERY)));
        if (!noted) {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("""
                                insert into sign_in_attempts (subject, failures, succeeded_at)
                                values (:subject, 0, :now)
                                on conflict (subject) do update set
                                    failures = 0, last_failed_at = null, blocked_until = null, succeeded_at = :now""")
                        .param("subject", attempt.nameAtAddress())
                        .param("now", Timestamp.from(now))
                        .update();
                if (door == Door.CLIENT || withEachRequest()) {
                    trail.programSignedIn(door, name);
                }
            });
        }
    }

    /** @return whether the password comes with the request itself, so that there is no session or token */
    private static boolean withEachRequest() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return false;
        }
        String header = attributes.getRequest().getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, "Basic ", 0, 6);
    }

    /** Deletes old failures and sign-ins. */
    @Scheduled(fixedDelayString = "PT1H")
    void forget() {
        jdbc.sql("""
                        delete from sign_in_attempts
                        where greatest(last_failed_at, succeeded_at) < ? and (blocked_until is null or blocked_until < ?)""")
                .params(Timestamp.from(clock.instant().minus(KNOWN_ADDRESS)), Timestamp.from(clock.instant()))
                .update();
    }

    private static Instant instant(Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static String hash(Kind kind, Object door, String name, String address) {
        return Sha256.of(String.join("\n", kind.name(), door.toString(), address, name));
    }
}
