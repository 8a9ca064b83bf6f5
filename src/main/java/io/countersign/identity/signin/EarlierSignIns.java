package io.countersign.identity.signin;

import io.countersign.identity.UserId;
import io.countersign.identity.people.CredentialsChanged;
import io.countersign.identity.people.PersonDeactivated;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Ends a person's sessions and tokens, except the session of the current request. */
@Component
class EarlierSignIns {

    private final AccessTokens tokens;
    private final FindByIndexNameSessionRepository<?> sessions;

    EarlierSignIns(AccessTokens tokens, FindByIndexNameSessionRepository<?> sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @EventListener
    void end(CredentialsChanged change) {
        end(change.user());
    }

    @EventListener
    void end(PersonDeactivated deactivated) {
        end(deactivated.user());
    }

    private void end(UserId user) {
        tokens.withdrawAll(user);
        Optional<String> present = presentSession();
        sessions.findByPrincipalName(user.value()).keySet().stream()
                .filter(id -> !present.equals(Optional.of(id)))
                .forEach(sessions::deleteById);
    }

    private static Optional<String> presentSession() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Optional.ofNullable(attributes.getRequest().getSession(false)).map(HttpSession::getId)
                : Optional.empty();
    }
}
