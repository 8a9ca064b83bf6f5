package io.countersign.identity.people;

import io.countersign.identity.UserId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds the first person to an empty database: a superadmin who also administers the engine and adds everyone else.
 * There is no default password, so name and password come from the configuration.
 */
@Component
class FirstAdministrator implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(FirstAdministrator.class);

    private final People people;
    private final String name;
    private final String email;
    private final String password;

    FirstAdministrator(
            People people,
            @Value("${countersign.first-administrator.name}") String name,
            @Value("${countersign.first-administrator.email}") String email,
            @Value("${countersign.first-administrator.password}") String password) {
        this.people = people;
        this.name = name;
        this.email = email;
        this.password = password;
    }

    @Override
    @Transactional
    public void run(ApplicationArguments arguments) {
        if (!people.all().isEmpty()) {
            return;
        }
        if (password.isEmpty()) {
            log.warn("event=no_administrator remedy=\"set COUNTERSIGN_FIRSTADMINISTRATOR_PASSWORD and restart\"");
            return;
        }
        people.addFirst(
                new Person(new UserId(name), name, email.isEmpty() ? null : email, !email.isEmpty(), true, true),
                password);
        log.info("event=first_administrator_added user={}", name);
    }
}
