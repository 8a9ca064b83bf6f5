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
 * Tells what a client sends with the completion of a task from what lay in the process before. The engine writes both
 * into the same variables, and the next task would find them there.
 */
public final class SentVariables {

    private SentVariables() {}

    /**
     * Takes a variable out of the task and its process, so that it outlives neither. Called by listeners of the task's
     * completion.
     *
     * @return the value that came with the completion; empty if none did, whatever the process holds
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
