package io.countersign.approval.freeze;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.freezes.*}: freeze windows.
 *
 * @param longestWait how long setting a window waits for running writes to the target
 */
@ConfigurationProperties("countersign.freezes")
public record FreezeProperties(@DefaultValue("PT10S") Duration longestWait) {}
