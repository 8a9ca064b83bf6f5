package io.countersign.notification.webhook;

import io.countersign.api.http.Networks;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps webhooks out of the server's private network, because anyone who may add a channel chooses where the server
 * posts. A request goes to the checked address, so a later change of the name's address has no effect.
 */
@Component
public class WebhookGuard {

    private static final int MAX_LENGTH = 2000;
    private static final String PRIVATE = "must not lead into a private network";

    private final boolean allowPrivate;
    private final Set<String> privateHosts;
    private final Resolver resolver;

    /** Resolves a host, like {@link InetAddress#getAllByName(String)}. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param allowPrivate whether everyone who adds a channel is trusted with this network, and with plain HTTP
     * @param privateHosts the only hosts in this network that webhooks may lead to, also with plain HTTP
     */
    @Autowired
    WebhookGuard(
            @Value("${countersign.notification.allow-private-webhooks}") boolean allowPrivate,
            @Value("${countersign.notification.private-webhook-hosts}") Set<String> privateHosts) {
        this(allowPrivate, privateHosts, InetAddress::getAllByName);
    }

    WebhookGuard(boolean allowPrivate, Set<String> privateHosts, Resolver resolver) {
        this.allowPrivate = allowPrivate;
        this.privateHosts = privateHosts;
        this.resolver = resolver;
    }

    /**
     * @param url a webhook's URL as entered
     * @return the rule it breaks, or empty; a host that does not currently resolve breaks none
     */
    public Optional<String> objection(String url) {
        if (url == null || url.length() > MAX_LENGTH) {
            return Optional.of("must be a URL of at most " + MAX_LENGTH + " characters");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("must be a URL");
        }
        boolean trusted = allowPrivate || uri.getHost() != null && privateHosts.contains(uri.getHost());
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !(trusted && "http".equalsIgnoreCase(uri.getScheme()))) {
            return Optional.of("must start with https://");
        }
        if (uri.getHost() == null
                || uri.getHost().contains("%")
                || uri.getUserInfo() != null
                || uri.getFragment() != null) {
            return Optional.of("must name a host, and neither a user, a network interface nor a fragment");
        }
        if (trusted) {
            return Optional.empty();
        }
        try {
            return isPublic(resolver.resolve(uri.getHost())) ? Optional.empty() : Optional.of(PRIVATE);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * @param host a host in a URL without an {@link #objection}
     * @return the addresses that may be connected to
     * @throws UnknownHostException if the host does not currently resolve
     * @throws IllegalStateException if the host now leads into a private network
     */
    InetAddress[] addressesOf(String host) throws UnknownHostException {
        InetAddress[] addresses = resolver.resolve(host);
        if (!allowPrivate && !privateHosts.contains(host) && !isPublic(addresses)) {
            throw new IllegalStateException("The webhook's URL " + PRIVATE);
        }
        return addresses;
    }

    private static boolean isPublic(InetAddress[] addresses) {
        return Arrays.stream(addresses).allMatch(Networks::isPublic);
    }
}
