package io.countersign.embedded;

import java.net.InetAddress;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Everybody knows the passwords of the demo: without {@code server.address}, only this machine reaches it. */
@Component
@EmbeddedMode
class Loopback implements WebServerFactoryCustomizer<ConfigurableWebServerFactory> {

    private final Environment environment;

    Loopback(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void customize(ConfigurableWebServerFactory server) {
        if (!environment.containsProperty("server.address")) {
            server.setAddress(InetAddress.getLoopbackAddress());
        }
    }
}
