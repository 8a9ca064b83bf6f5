package io.countersign.console.layout;

import io.countersign.identity.organization.Organizations.Organization;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The organization a person works in: the one whose pages they opened last, kept in their session. */
@Component
public class ActiveOrganization {

    private static final String ATTRIBUTE = ActiveOrganization.class.getName();

    private final HttpServletRequest request;

    ActiveOrganization(HttpServletRequest request) {
        this.request = request;
    }

    /** Remembers the organization whose page is opened. */
    void remember(String organization) {
        HttpSession session = request.getSession();
        if (!organization.equals(session.getAttribute(ATTRIBUTE))) {
            session.setAttribute(ATTRIBUTE, organization);
        }
    }

    /**
     * @param visible the organizations that the person may work in now
     * @return the active one, by default the first; empty if there is none
     */
    public Optional<Organization> among(List<Organization> visible) {
        HttpSession session = request.getSession(false);
        Object remembered = session == null ? null : session.getAttribute(ATTRIBUTE);
        return visible.stream()
                .filter(organization -> organization.id().equals(remembered))
                .findFirst()
                .or(() -> visible.stream().findFirst());
    }
}
