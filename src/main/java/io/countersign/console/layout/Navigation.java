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
 * What the layout shows around every page. The template asks for it as {@code @navigation.current()}, so that pages of
 * other modules and error pages have it too.
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
     * @param person who is signed in, or null
     * @param organizations where they may work
     * @param organization where they work now, or null if nowhere
     * @param inbox what waits for their decision
     * @param mailbox whether this server has a mailbox page
     */
    public record View(
            Person person,
            List<Organization> organizations,
            Organization organization,
            Inbox.Glance inbox,
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
    }

    /** @return what to show to whoever is signed in, if anyone */
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
