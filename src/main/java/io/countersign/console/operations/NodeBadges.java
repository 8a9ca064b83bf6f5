package io.countersign.console.operations;

import io.countersign.console.layout.Badge;
import io.countersign.console.layout.Badges;
import io.countersign.resilience.Node;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node's status. */
@Configuration(proxyBeanMethods = false)
class NodeBadges {

    @Bean
    Badges<Node.State> nodeStateBadges() {
        return new Badges<>(Node.State.class, state -> switch (state) {
            case RUNNING -> new Badge("Running", "success", "check-circle-fill", state.wireName());
            case DRAINING -> new Badge("Stopping", "busy", "arrow-repeat", state.wireName());
            case SILENT -> new Badge("Silent", "danger", "exclamation-triangle-fill", state.wireName());
        });
    }
}
