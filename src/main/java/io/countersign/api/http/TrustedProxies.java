package io.countersign.api.http;

import inet.ipaddr.IPAddressString;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.MimeHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Accepts forwarded headers only from the proxies that the operator names. It reduces {@code X-Forwarded-For} to the
 * address of the last hop that is no such proxy, which Tomcat's own valve then uses as the client's.
 *
 * <p>Tomcat's valve recognizes proxies by a pattern, by default all private addresses, and accepts any text as an
 * address.
 */
@Component
class TrustedProxies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(TrustedProxies.class);

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final List<String> FORWARDED =
            List.of(FORWARDED_FOR, "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-By");

    /** Some proxies add the port. */
    private static final Pattern HOP = Pattern.compile(
            "(?<v4>[0-9.]+)(:[0-9]{1,5})?|\\[(?<bracketed>[0-9a-fA-F:.]+)](:[0-9]{1,5})?|(?<v6>[0-9a-fA-F:.]+)");

    private final List<String> networks;
    private final AtomicBoolean toldOfUnnamed = new AtomicBoolean();

    TrustedProxies(@Value("${countersign.trusted-proxies}") List<String> networks) {
        networks.stream()
                .filter(network -> Networks.parse(network).isEmpty())
                .findFirst()
                .ifPresent(wrong -> {
                    throw new IllegalArgumentException(
                            "countersign.trusted-proxies: \"" + wrong + "\" " + Networks.RULE);
                });
        this.networks = List.copyOf(networks);
    }

    /** Before Spring Boot's, which adds Tomcat's valve. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.addEngineValves(new Sieve());
    }

    private final class Sieve extends ValveBase {

        Sieve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
            if (FORWARDED.stream().anyMatch(name -> headers.getHeader(name) != null)) {
                if (isNamed(request.getRemoteAddr())) {
                    Optional<String> client = client(Collections.list(headers.values(FORWARDED_FOR)));
                    headers.removeHeader(FORWARDED_FOR);
                    client.ifPresent(address -> headers.setValue(FORWARDED_FOR).setString(address));
                } else {
                    FORWARDED.forEach(headers::removeHeader);
                    if (toldOfUnnamed.compareAndSet(false, true)) {
                        log.warn(
                                "event=forwarded_headers_ignored address={} setting=countersign.trusted-proxies",
                                request.getRemoteAddr());
                    }
                }
            }
            getNext().invoke(request, response);
        }
    }

    private boolean isNamed(String address) {
        return Networks.covers(networks, List.of(address));
    }

    /** @return the address of the last hop that no proxy is named for; nothing beyond what is no address is believed */
    private Optional<String> client(List<String> headers) {
        String[] hops = String.join(",", headers).split(",");
        Optional<String> client = Optional.empty();
        for (int hop = hops.length - 1; hop >= 0; hop--) {
            Optional<String> address = address(hops[hop].strip());
            if (address.isEmpty()) {
                return client;
            }
            client = address;
            if (!isNamed(address.get())) {
                return client;
            }
        }
        return client;
    }

    private static Optional<String> address(String hop) {
        Matcher parts = HOP.matcher(hop);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String text = parts.group("v4") != null
                ? parts.group("v4")
                : Optional.ofNullable(parts.group("bracketed")).orElse(parts.group("v6"));
        return Networks.parse(text)
                .map(network -> new IPAddressString(network)
                        .getAddress()
                        .withoutPrefixLength()
                        .toCanonicalString());
    }
}
