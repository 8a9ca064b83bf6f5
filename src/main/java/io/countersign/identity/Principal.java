package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * An actor. Two principals are the same only if both kind and name are equal.
 *
 * @param kind its kind
 * @param name a person's user name, an orchestrator's client id, {@code system} or {@code anonymous}
 */
public record Principal(Kind kind, String name) {

    /** Countersign itself: engine jobs, setup, and requests without sign-in. */
    public static final Principal SYSTEM = new Principal(Kind.SYSTEM, "system");

    /** An unauthenticated caller who tries to sign in. */
    public static final Principal ANONYMOUS = new Principal(Kind.ANONYMOUS, "anonymous");

    /** The kinds of principals. */
    public enum Kind {
        /** A person who signs in; the only kind that decides. */
        PERSON("ROLE_USER"),
        /** A platform instance that registers tenants. */
        ORCHESTRATOR("ROLE_ORCHESTRATOR"),
        /** Countersign itself. */
        SYSTEM(null),
        /** An unidentified caller. */
        ANONYMOUS(null);

        private final String authority;

        Kind(String authority) {
            this.authority = authority;
        }

        /**
         * @return the authority that every authentication of this kind has and no other kind has; null for the system
         */
        public String authority() {
            return authority;
        }

        /** @return the name in the database and in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @param wireName a name such as {@code person}
         * @return the kind
         * @throws IllegalArgumentException if there is none of that name
         */
        public static Kind of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }

        private boolean signedIn(Authentication authentication) {
            return authentication.getAuthorities().stream()
                    .anyMatch(granted -> granted.getAuthority().equals(authority));
        }
    }

    /** @return a person */
    public static Principal of(UserId person) {
        return new Principal(Kind.PERSON, person.value());
    }

    /** @return an orchestrator */
    public static Principal orchestrator(String clientId) {
        return new Principal(Kind.ORCHESTRATOR, clientId);
    }

    /** @return the principal of the current thread's request; {@link #SYSTEM} if nobody is signed in */
    public static Principal current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !authentication.isAuthenticated()) {
            return SYSTEM;
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.signedIn(authentication))
                .findFirst()
                .map(kind -> new Principal(kind, authentication.getName()))
                .orElse(SYSTEM);
    }

    /** @return the person, if this is one */
    public Optional<UserId> person() {
        return kind == Kind.PERSON ? Optional.of(new UserId(name)) : Optional.empty();
    }

    /** @return whether this is that person */
    public boolean is(UserId person) {
        return equals(of(person));
    }

    /**
     * @param nameOf returns a person's display name
     * @return the display name, which always distinguishes a program from a person
     */
    public String inWords(Function<UserId, String> nameOf) {
        return switch (kind) {
            case PERSON -> nameOf.apply(new UserId(name));
            case ORCHESTRATOR -> "orchestrator " + name;
            case SYSTEM -> "Countersign";
            case ANONYMOUS -> "Somebody not signed in";
        };
    }

    /**
     * @param type the actor's kind in the trail; null in old entries
     * @param name the actor's name
     * @return the actor; without a recorded kind, a person unless the name is the system's
     */
    public static Principal recorded(String type, String name) {
        if (type != null) {
            return new Principal(Kind.of(type), name);
        }
        return name.equals(SYSTEM.name()) ? SYSTEM : of(new UserId(name));
    }

    /** @return the name */
    @Override
    public String toString() {
        return name;
    }
}
