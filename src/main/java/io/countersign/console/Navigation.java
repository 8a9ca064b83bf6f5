package io.countersign.console;

import io.countersign.api.PageRequest;
import io.countersign.approval.Approvals;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Organizations;
import io.countersign.identity.Organizations.Organization;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What the layout shows around every page. The template asks for it as {@code @navigation.current()}, so that pages of
 * other modules and error pages have it too.
 */
@Component("navigation")
class Navigation {

    /** More than this many are shown as "99+". */
    private static final int MAX_COUNT = 99;

    private final People people;
    private final Organizations organizations;
    private final ActiveOrganization activeOrganization;
    private final Approvals approvals;
    private final boolean mailbox;

    Navigation(
            People people,
            Organizations organizations,
            ActiveOrganization activeOrganization,
            Approvals approvals,
            ObjectProvider<MailboxHint> mailbox) {
        this.people = people;
        this.organizations = organizations;
        this.activeOrganization = activeOrganization;
        this.approvals = approvals;
        this.mailbox = mailbox.getIfAvailable() != null;
    }

    /**
     * The layout's model.
     *
     * @param person who is signed in, or null
     * @param organizations where they may work
     * @param organization where they work now, or null if nowhere
     * @param inboxCount how many requests wait for their decision, at most one more than is shown
     * @param mailbox whether this server has a mailbox page
     */
    public record View(
            Person person,
            List<Organization> organizations,
            Organization organization,
            int inboxCount,
            boolean mailbox) {

        /** @return whether Cockpit lets the person in */
        public boolean operator() {
            return person.superadmin() || person.engineAdmin();
        }

        /** @return up to two letters that stand for the person */
        public String initials() {
            String letters = Arrays.stream(person.displayName().split("[\\s._-]+"))
                    .filter(word -> !word.isEmpty())
                    .map(word -> word.substring(0, 1))
                    .collect(Collectors.joining());
            return (letters.length() > 2 ? letters.substring(0, 2) : letters).toUpperCase(Locale.ROOT);
        }

        /** @return the count as shown */
        public String inboxCountText() {
            return inboxCount > MAX_COUNT ? MAX_COUNT + "+" : Integer.toString(inboxCount);
        }
    }

    /** @return what to show to whoever is signed in, if anyone */
    public View current() {
        return CurrentUser.find()
                .flatMap(people::find)
                .map(this::of)
                .orElseGet(() -> new View(null, List.of(), null, 0, mailbox));
    }

    private View of(Person person) {
        List<Organization> visible = organizations.visibleTo(person.id());
        int waiting = approvals
                .list(person.id(), Approvals.Query.DECIDABLE, PageRequest.of(100, null))
                .items()
                .size();
        return new View(person, visible, activeOrganization.among(visible).orElse(null), waiting, mailbox);
    }
}
