package io.countersign.engine.access;

import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.GenericManagerFactory;
import org.camunda.bpm.engine.impl.persistence.entity.CommentManager;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Grants rights on tasks. */
@Component
@Order(100)
class AccessPlugin extends AbstractProcessEnginePlugin {

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setResourceAuthorizationProvider(new TaskRights());
        engine.setEnableHistoricInstancePermissions(true);
        engine.getCustomPostBPMNParseListeners().add(new OwnClaims());
    }

    @Override
    public void postInit(ProcessEngineConfigurationImpl engine) {
        engine.getSessionFactories().put(CommentManager.class, new GenericManagerFactory(TaskComments.class));
    }
}
