package io.countersign.engine.identity;

import io.countersign.identity.groups.EngineGroups;
import io.countersign.identity.people.People;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Makes the engine ask us for users and groups. */
@Component
@Order(100)
class IdentityPlugin extends AbstractProcessEnginePlugin {

    private final ObjectProvider<People> people;
    private final ObjectProvider<EngineGroups> groups;

    IdentityPlugin(ObjectProvider<People> people, ObjectProvider<EngineGroups> groups) {
        this.people = people;
        this.groups = groups;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setIdentityProviderSessionFactory(new EngineIdentity(people, groups));
    }
}
