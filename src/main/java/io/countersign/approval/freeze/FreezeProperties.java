package io.countersign.approval.freeze;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.freezes.*}: freeze windows.
 *
 * @param longestWait how long setting a window waits for what touches the target at that moment
 */
@ConfigurationProperties("countersign.freezes")
public record FreezeProperties(@DefaultValue("PT10S") Duration longestWait) {}
