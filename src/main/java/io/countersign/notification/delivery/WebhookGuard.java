package io.countersign.notification.delivery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps webhooks out of the network that this server stands in: anyone who may add a channel chooses where the server
 * posts to. The check comes right before the request; Java resolves the name only once for both.
 */
@Component
public class WebhookGuard {

    private static final int MAX_LENGTH = 2000;

    private final boolean allowPrivate;

    /** @param allowPrivate whether to trust everyone who adds a channel with this network, and with plain HTTP */
    WebhookGuard(@Value("${countersign.notification.allow-private-webhooks}") boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
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
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !(allowPrivate && "http".equalsIgnoreCase(uri.getScheme()))) {
            return Optional.of("must start with https://");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            return Optional.of("must name a host, and neither a user nor a fragment");
        }
        if (allowPrivate) {
            return Optional.empty();
        }
        try {
            boolean inside =
                    Arrays.stream(InetAddress.getAllByName(uri.getHost())).anyMatch(WebhookGuard::isPrivate);
            return inside ? Optional.of("must not lead into a private network") : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
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
                || nat64 && (isPrivate4(b, 12) || b[4] != 0)
                || embedsIpv4
                || sixToFour && isPrivate4(b, 2);
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
