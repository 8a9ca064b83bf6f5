package io.countersign.identity.people;

import io.countersign.identity.Principal;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.GroupNames;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the names of people and programs apart. A name belongs to one kind of principal permanently, even after its
 * holder is gone, because the trail still contains it.
 */
@Component
public class PrincipalNames {

    /** The rule about reserved names in words, to follow a field's name. */
    public static final String NOT_RESERVED = "must not be a reserved name";

    /** The default name of the first administrator; reserved for them. */
    static final String FIRST_ADMINISTRATOR = "administrator";

    /**
     * Names with another meaning in the trail, the engine or Spring Security, or that could be mistaken for a part of
     * Countersign.
     */
    private static final Set<String> RESERVED = Stream.of(
                    Principal.SYSTEM.name(),
                    GroupNames.PEOPLE,
                    GroupNames.SUPERADMINS,
                    GroupNames.ENGINE_ADMINS,
                    FIRST_ADMINISTRATOR,
                    "anonymous",
                    "anonymoususer",
                    "camunda",
                    "cli",
                    "countersign",
                    "monitoring",
                    "nobody",
                    "root")
            .map(PrincipalNames::letters)
            .collect(Collectors.toUnmodifiableSet());

    private final JdbcClient jdbc;

    PrincipalNames(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return whether the name is reserved, regardless of punctuation */
    public static boolean reserved(String name) {
        return RESERVED.contains(letters(name));
    }

    private static String letters(String name) {
        return name.replaceAll("[^a-z0-9]", "");
    }

    /**
     * Claims a name for a principal. A second transaction claiming the same name waits for the first to end.
     *
     * @param principal a new principal; its name is not reserved
     * @return whether the name is free for its kind; false if it is or was a name of another kind of principal
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean claim(Principal principal) {
        jdbc.sql("insert into principal_names (name, kind) values (?, ?) on conflict do nothing")
                .params(principal.name(), principal.kind().wireName())
                .update();
        return find(principal.name()).equals(principal);
    }

    /** @return the principal of a name; a person if it is unused */
    public Principal find(String name) {
        return jdbc.sql("select kind from principal_names where name = ?")
                .param(name)
                .query(String.class)
                .optional()
                .map(kind -> new Principal(Principal.Kind.of(kind), name))
                .orElseGet(() -> Principal.of(new UserId(name)));
    }
}
