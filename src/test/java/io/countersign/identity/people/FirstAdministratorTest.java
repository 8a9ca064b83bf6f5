package io.countersign.identity.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.identity.UserId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

class FirstAdministratorTest extends ServerTest {

    @Autowired
    private People people;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void first_person_of_all_may_have_the_name_that_nobody_else_gets() {
        UserId name = new UserId("administrator");

        transaction.executeWithoutResult(status -> {
            people.addFirst(new Person(name, "Administrator", null, false, true, true), "a long enough password");
            assertThat(people.find(name)).isPresent();
            status.setRollbackOnly();
        });
    }
}
