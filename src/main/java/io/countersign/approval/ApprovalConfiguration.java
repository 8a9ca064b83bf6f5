package io.countersign.approval;

import io.countersign.approval.freeze.FreezeProperties;
import io.countersign.approval.rules.ApprovalProperties;
import io.countersign.approval.waiting.WaitingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** What this module is set to. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApprovalProperties.class, FreezeProperties.class, WaitingProperties.class})
class ApprovalConfiguration {}
