package io.countersign.notification.delivery;

import java.net.Inet4Address;
import java.net.Inet6Address;
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
 * Keeps webhooks out of the network that this server stands in: anyone who may add a channel chooses where the server
 * posts to. A request goes to the very address that was looked at, so a name that changes its address in between leads
 * nowhere else.
 */
@Component
public class WebhookGuard {

    private static final int MAX_LENGTH = 2000;
    private static final String PRIVATE = "must not lead into a private network";

    private final boolean allowPrivate;
    private final Set<String> privateHosts;
    private final Resolver resolver;

    /** Tells the addresses of a host, as {@link InetAddress#getAllByName(String)} does. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param allowPrivate whether to trust everyone who adds a channel with this network, and with plain HTTP
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
     * @param url what somebody gave as a webhook's URL
     * @return the rule it breaks, or empty; a host that cannot be resolved at the moment breaks none
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
            boolean inside = Arrays.stream(resolver.resolve(uri.getHost())).anyMatch(WebhookGuard::isPrivate);
            return inside ? Optional.of(PRIVATE) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * @param uri a webhook's URL, to which there is no {@link #objection}
     * @return an address of its host that may be connected to
     * @throws UnknownHostException if the host has no address at the moment
     * @throws IllegalStateException if the host has come to lead into a private network
     */
    InetAddress addressOf(URI uri) throws UnknownHostException {
        InetAddress[] addresses = resolver.resolve(uri.getHost());
        if (!allowPrivate
                && !privateHosts.contains(uri.getHost())
                && Arrays.stream(addresses).anyMatch(WebhookGuard::isPrivate)) {
            throw new IllegalStateException("The webhook's URL " + PRIVATE);
        }
        return addresses[0];
    }

    /** @return whether an address is not one of the public Internet's (IANA's special-purpose address registries) */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] b = address.getAddress();
        if (address instanceof Inet4Address) {
            return isPrivate4(b, 0);
        }
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        boolean uniqueLocal = (first & 0xfe) == 0xfc;
        boolean nat64 = first == 0 && second == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        boolean sixToFour = first == 0x20 && second == 0x02;
        boolean teredo = first == 0x20 && second == 0x01 && b[2] == 0 && b[3] == 0;
        boolean embedsIpv4 = address instanceof Inet6Address v6 && v6.isIPv4CompatibleAddress();
        return uniqueLocal
                || teredo
                || nat64 && (isPrivate4(b, 12) || !isZero(b, 4, 12))
                || embedsIpv4
                || sixToFour && isPrivate4(b, 2);
    }

    /** Only with zeros is it the well-known prefix of 96 bits: other translators keep the address elsewhere. */
    private static boolean isZero(byte[] b, int from, int to) {
        return Arrays.equals(b, from, to, new byte[to - from], 0, to - from);
    }

    private static boolean isPrivate4(byte[] b, int at) {
        int first = b[at] & 0xff;
        int second = b[at + 1] & 0xff;
        int third = b[at + 2] & 0xff;
        return first == 0
                || first == 10
                || first == 127
                || first >= 224
                || first == 100 && (second & 0xc0) == 64
                || first == 169 && second == 254
                || first == 172 && (second & 0xf0) == 16
                || first == 192 && second == 168
                || first == 192 && second == 0 && third == 0
                || first == 198 && (second & 0xfe) == 18;
    }
}
