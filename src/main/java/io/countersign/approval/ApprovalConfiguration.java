package io.countersign.approval;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** What this module is set to. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApprovalProperties.class, FreezeProperties.class, StandingProperties.class})
class ApprovalConfiguration {}
