package io.countersign.console.layout;

import io.countersign.audit.Origin;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** Words for values on pages. Templates call it {@code @present}. */
@Component("present")
public class Presenter {

    /** Includes the zone, so that a time cannot be misread; a script converts it to the reader's format. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm zzz", Locale.ENGLISH);

    private static final String PEOPLE = Presenter.class.getName() + ".people";

    private final People people;
    private final Appearance appearance;
    private final Map<Class<?>, Badges<?>> badges;

    Presenter(People people, Appearance appearance, List<Badges<?>> badges) {
        this.people = people;
        this.appearance = appearance;
        this.badges = badges.stream().collect(Collectors.toMap(Badges::type, Function.identity()));
    }

    /** @return a person's name, or their id if they no longer exist */
    public String person(UserId id) {
        return known().computeIfAbsent(
                        id,
                        unknown -> people.find(unknown).map(Person::displayName).orElse(unknown.value()));
    }

    /** @return a person's name, or a program's kind and name */
    public String person(Principal principal) {
        return principal.inWords(this::person);
    }

    /** Names already looked up for this page. */
    @SuppressWarnings("unchecked")
    private static Map<UserId, String> known() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request == null) {
            return new HashMap<>();
        }
        Object known = request.getAttribute(PEOPLE, RequestAttributes.SCOPE_REQUEST);
        if (known == null) {
            known = new HashMap<UserId, String>();
            request.setAttribute(PEOPLE, known, RequestAttributes.SCOPE_REQUEST);
        }
        return (Map<UserId, String>) known;
    }

    /** @return the names of some people, as a phrase */
    public String people(List<UserId> ids) {
        return people(ids, "or");
    }

    /**
     * @param joint the word before the last name, {@code or} or {@code and}
     * @return the names of some people, as a phrase
     */
    public String people(List<UserId> ids, String joint) {
        List<String> names = ids.stream().map(this::person).toList();
        return switch (names.size()) {
            case 0 -> "nobody";
            case 1 -> names.get(0);
            case 2, 3, 4 ->
                names.stream().limit(names.size() - 1).collect(Collectors.joining(", ")) + " " + joint + " "
                        + names.get(names.size() - 1);
            default ->
                names.stream().limit(3).collect(Collectors.joining(", ")) + " " + joint
                        + (joint.equals("or") ? " one of " : " ") + (names.size() - 3) + " others";
        };
    }

    /** @return a time to the minute, in the reader's zone if known */
    public String time(Instant time) {
        ZoneId zone = appearance.zone();
        return TIME.withZone(zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone)
                .format(time);
    }

    /**
     * @param status a status, or another value with badges
     * @return its badge
     */
    public Badge badge(Enum<?> status) {
        return badges.get(status.getDeclaringClass()).of(status);
    }

    /** @return a scope in words, such as {@code organization acme} */
    public String scope(Scope scope) {
        return scope.equals(Scope.PLATFORM) ? "the platform" : scope.type().wireName() + " " + scope.id();
    }

    /** @return {@code approval_policy} as {@code Approval policy} */
    public String label(String name) {
        return Words.label(name);
    }

    /** @return {@code approval_policy} as {@code approval policy} */
    public String phrase(String name) {
        return Words.phrase(name);
    }

    /** @return a duration in words, or a dash if there is none */
    public String duration(Optional<Duration> duration) {
        return duration.map(Words::duration).orElse("–");
    }

    /** @return an ISO 8601 duration in words, such as {@code 3 days} */
    public String period(String duration) {
        Duration period = Duration.parse(duration);
        if (period.isZero()) {
            return "never";
        }
        List<String> parts = new ArrayList<>();
        add(parts, period.toDays(), "day");
        add(parts, period.toHoursPart(), "hour");
        add(parts, period.toMinutesPart(), "minute");
        add(parts, period.toSecondsPart(), "second");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    /** @return an origin in words */
    public String origin(Origin origin) {
        return switch (origin) {
            case CONSOLE -> "Console";
            case MAIL -> "Mail";
            case TASKLIST -> "Tasklist";
            case ENGINE_REST -> "engine-rest";
            case API -> "API";
            case SYSTEM -> "Engine job";
        };
    }
}
