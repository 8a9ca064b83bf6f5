package io.countersign.identity.signin;

import io.countersign.api.secret.RandomToken;
import io.countersign.api.secret.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.web.server.Cookie;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.stereotype.Component;

/**
 * Keeps session secrets out of the database: the browser's cookie contains a secret, and the stored session id is its
 * SHA-256.
 */
@Component
class SessionCookies extends DefaultCookieSerializer implements SessionIdGenerator {

    /** More sessions than the unanswered requests of one server ever create. */
    private static final int MAX_WAITING = 10_000;

    /** The secrets of sessions created in unanswered requests, by session id. */
    private final Map<String, String> secrets = Collections.synchronizedMap(new Waiting());

    SessionCookies(ServerProperties server) {
        Cookie cookie = server.getServlet().getSession().getCookie();
        PropertyMapper map = PropertyMapper.get().alwaysApplyingWhenNonNull();
        map.from(cookie::getName).to(this::setCookieName);
        map.from(cookie::getDomain).to(this::setDomainName);
        map.from(cookie::getPath).to(this::setCookiePath);
        map.from(cookie::getHttpOnly).to(this::setUseHttpOnlyCookie);
        map.from(cookie::getSecure).to(this::setUseSecureCookie);
        map.from(cookie::getMaxAge).asInt(age -> age.getSeconds()).to(this::setCookieMaxAge);
        map.from(cookie::getSameSite).as(Cookie.SameSite::attributeValue).to(this::setSameSite);
    }

    @Override
    public String generate() {
        String secret = RandomToken.next();
        String id = Sha256.of(secret);
        secrets.put(id, secret);
        return id;
    }

    @Override
    public List<String> readCookieValues(HttpServletRequest request) {
        return super.readCookieValues(request).stream().map(Sha256::of).toList();
    }

    /**
     * Writes the secret of a session created in this request; an empty value deletes the cookie. An older session's
     * cookie is already in the browser, and its secret is known nowhere else.
     */
    @Override
    public void writeCookieValue(CookieValue value) {
        if (value.getCookieValue().isEmpty()) {
            super.writeCookieValue(value);
            return;
        }
        String secret = secrets.remove(value.getCookieValue());
        if (secret != null) {
            super.writeCookieValue(new CookieValue(value.getRequest(), value.getResponse(), secret));
        }
    }

    private static final class Waiting extends LinkedHashMap<String, String> {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_WAITING;
        }
    }
}
