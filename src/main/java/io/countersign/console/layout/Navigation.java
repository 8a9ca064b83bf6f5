package io.countersign.console.layout;

import io.countersign.identity.CurrentUser;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.organization.Organizations.Organization;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What the layout shows around every page. The template calls {@code @navigation.current()}, so that it also works on
 * other modules' pages and error pages.
 */
@Component("navigation")
class Navigation {

    private final People people;
    private final Organizations organizations;
    private final ActiveOrganization activeOrganization;
    private final Inbox inbox;
    private final boolean mailbox;

    Navigation(
            People people,
            Organizations organizations,
            ActiveOrganization activeOrganization,
            Inbox inbox,
            ObjectProvider<MailboxHint> mailbox) {
        this.people = people;
        this.organizations = organizations;
        this.activeOrganization = activeOrganization;
        this.inbox = inbox;
        this.mailbox = mailbox.getIfAvailable() != null;
    }

    /**
     * The layout's model.
     *
     * @param person the signed-in person, or null
     * @param organizations those they may work in
     * @param organization the active one, or null if there is none
     * @param inbox what waits for their decision
     * @param mailbox whether this server has a mailbox page
     */
    public record View(
            Person person,
            List<Organization> organizations,
            Organization organization,
            Inbox.Glance inbox,
            boolean mailbox) {

        /** @return whether the person may open Cockpit */
        public boolean operator() {
            return person.superadmin() || person.engineAdmin();
        }

        /** @return the person's initials, at most two letters */
        public String initials() {
            String letters = Arrays.stream(person.displayName().split("[\\s._-]+"))
                    .filter(word -> !word.isEmpty())
                    .map(word -> word.substring(0, 1))
                    .collect(Collectors.joining());
            return (letters.length() > 2 ? letters.substring(0, 2) : letters).toUpperCase(Locale.ROOT);
        }
    }

    /** @return what to show to the signed-in person, if any */
    public View current() {
        return CurrentUser.find()
                .flatMap(people::find)
                .map(this::of)
                .orElseGet(() -> new View(null, List.of(), null, Inbox.Glance.EMPTY, mailbox));
    }

    private View of(Person person) {
        List<Organization> visible = organizations.visibleTo(person.id());
        return new View(
                person, visible, activeOrganization.among(visible).orElse(null), inbox.glance(person.id()), mailbox);
    }
}
