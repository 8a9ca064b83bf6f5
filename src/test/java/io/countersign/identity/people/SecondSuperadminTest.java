package io.countersign.identity.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.api.http.BaseUrl;
import io.countersign.attack.Visitor;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.UserId;
import io.countersign.notification.MailTest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where {@code countersign.people.second-superadmin} says so, no superadmin makes another one alone. */
class SecondSuperadminTest extends MailTest {

    @Autowired
    private People people;

    @Autowired
    private InvitationPost post;

    @Autowired
    private BaseUrl baseUrl;

    @Autowired
    private AuditTrail audit;

    @Autowired
    private PlatformTransactionManager transactions;

    @Autowired
    private Clock clock;

    private String other;
    private String asking;
    private String anna;

    @BeforeEach
    void superadminIsAskedFor() {
        other = given.superadmin();
        asking = given.superadmin();
        anna = given.unique("anna");
        Invitations invitations = new Invitations(
                jdbc,
                people,
                post,
                new PeopleProperties(Duration.ofDays(7), true),
                baseUrl,
                audit,
                transactions,
                clock);
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> invitations.add(
                        new UserId(asking), new Person(new UserId(anna), "Anna", null, false, true, false)));
    }

    @Test
    void person_becomes_a_superadmin_once_another_superadmin_confirms_it() {
        assertThat(user().at("/superadmin")).isEqualTo("false");
        assertThat(user().at("/superadmin_asked_by")).isEqualTo(asking);

        Client.Answer confirmed = as(given.superadmin()).post(path("confirm"), Map.of());

        assertThat(confirmed.expect(200).at("/superadmin")).isEqualTo("true");
        assertThat(user().json().path("superadmin_asked_by").isNull()).isTrue();
        assertThat(as("superadmin")
                        .get("/api/v1/audit?entity_type=user&entity_id=" + anna + "&action=confirm_superadmin")
                        .at("/items/0/details/asked_by"))
                .isEqualTo(asking);
        as("superadmin").post(path("confirm"), Map.of()).expectProblem(409, "wrong_state");
    }

    @Test
    void neither_who_asked_nor_anybody_but_a_superadmin_confirms_it() {
        as(asking).post(path("confirm"), Map.of()).expectProblem(403, "second_superadmin");
        as(given.person("paul")).post(path("confirm"), Map.of()).expectProblem(403, "missing_permission");
        assertThat(user().at("/superadmin")).isEqualTo("false");
    }

    @Test
    void superadmin_whose_account_the_same_hand_made_lately_does_not_confirm_it() {
        String puppet = given.superadmin();
        jdbc.sql("update users set made_by = ?, made_at = now() where id = ?")
                .params(asking, puppet)
                .update();

        as(puppet).post(path("confirm"), Map.of()).expectProblem(403, "second_superadmin");
    }

    @Test
    void the_other_superadmins_are_asked_by_mail() {
        assertThat(text(awaitMail(other, "Confirm a new superadmin")))
                .contains("wants Anna")
                .contains("/people/" + anna);
        assertThat(mailsTo(asking)).isEmpty();
    }

    @Test
    void superadmin_declines_it() {
        as(given.superadmin()).post(path("decline"), Map.of()).expect(200);

        assertThat(user().json().path("superadmin_asked_by").isNull()).isTrue();
        as("superadmin").post(path("confirm"), Map.of()).expectProblem(409, "wrong_state");
    }

    @Test
    void superadmin_confirms_it_in_the_console() {
        Visitor browser = new Visitor(server());
        browser.signIn(given.superadmin());
        assertThat(browser.get("/people?q=" + anna).expect(200).text()).contains("superadmin, to be confirmed");

        browser.submit("/people/" + anna, "/people/" + anna + "/confirm", Map.of())
                .expect(302);

        assertThat(user().at("/superadmin")).isEqualTo("true");
    }

    private Client.Answer user() {
        return as("superadmin").get("/api/v1/users/" + anna).expect(200);
    }

    private String path(String change) {
        return "/api/v1/users/" + anna + "/superadmin/" + change;
    }
}
