package io.countersign.console.layout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.console.*}: what the pages cost the server.
 *
 * @param inboxInterval how often a server with open pages checks for changed inboxes
 * @param maxOpenPages how many open pages of one server receive updates; others see changes when they are reloaded
 */
@ConfigurationProperties("countersign.console")
record ConsoleProperties(
        @DefaultValue("PT2S") Duration inboxInterval,
        @DefaultValue("2000") int maxOpenPages) {}
