package io.countersign.engine.process;

import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.core.variable.scope.AbstractVariableScope;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.impl.persistence.entity.VariableInstanceEntity;

/**
 * Separates what a client sends when it completes a task from what the process already contained. The engine writes
 * both into the same variables, and the next task would find them there.
 */
public final class SentVariables {

    private SentVariables() {}

    /**
     * Removes a variable from the task and its process, so that it outlives neither. Called by the task's complete
     * listeners.
     *
     * @return the value sent with the completion; empty if none was, whatever the process contains
     */
    public static Optional<Object> take(DelegateTask task, String name) {
        Optional<Object> sent = Optional.empty();
        AbstractVariableScope scope = (TaskEntity) task;
        while (scope != null) {
            if (scope.getVariableInstanceLocal(name) instanceof VariableInstanceEntity variable) {
                if (sent.isEmpty() && changedNow(variable)) {
                    sent = Optional.ofNullable(variable.getValue());
                }
                scope.removeVariableLocal(name);
            }
            scope = scope.getParentVariableScope();
        }
        return sent;
    }

    /** @return whether the running command wrote the variable, which is not in the database yet, or never will be */
    private static boolean changedNow(VariableInstanceEntity variable) {
        if (variable.isTransient()) {
            return true;
        }
        CachedDbEntity cached = Context.getCommandContext()
                .getDbEntityManager()
                .getDbEntityCache()
                .getCachedEntity(variable);
        return cached.getEntityState() == DbEntityState.TRANSIENT || cached.isDirty();
    }
}
