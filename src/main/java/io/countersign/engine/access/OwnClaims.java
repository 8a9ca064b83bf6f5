package io.countersign.engine.access;

import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.GroupNames;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.UserTaskActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.persistence.entity.PropertyChange;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;

/**
 * People claim tasks for themselves and release only their own, whichever engine command they use. Administrators may
 * also release another person's task, so that a claim never blocks it permanently. Assignments made by a model are left
 * to the model. Attached to every model at parse time, so that old versions of a model are covered too.
 */
class OwnClaims extends AbstractBpmnParseListener implements TaskListener {

    @Override
    public void parseUserTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        ((UserTaskActivityBehavior) activity.getActivityBehavior())
                .getTaskDefinition()
                .addBuiltInTaskListener(EVENTNAME_ASSIGNMENT, this);
    }

    @Override
    public void notify(DelegateTask task) {
        Optional<UserId> caller = CurrentUser.find();
        if (caller.isEmpty() || isNew(task)) {
            return;
        }
        String person = caller.get().value();
        PropertyChange change = ((TaskEntity) task).getPropertyChanges().get(TaskEntity.ASSIGNEE);
        boolean takes = person.equals(task.getAssignee());
        boolean givesBack = task.getAssignee() == null
                && (change.getOrgValue() == null || person.equals(change.getOrgValue()) || isAdministrator());
        if (!takes && !givesBack) {
            throw new Forbidden(ErrorCode.NOT_YOURS, "People claim tasks for themselves and give back their own.");
        }
    }

    /** Whether the task is being created, so that its assignee comes from the model. */
    static boolean isNew(Object task) {
        CachedDbEntity known = Context.getCommandContext()
                .getDbEntityManager()
                .getDbEntityCache()
                .getCachedEntity((DbEntity) task);
        return known == null || known.getEntityState() == DbEntityState.TRANSIENT;
    }

    private static boolean isAdministrator() {
        Authentication caller = Context.getCommandContext().getAuthentication();
        return caller != null
                && caller.getGroupIds() != null
                && caller.getGroupIds().contains(GroupNames.ENGINE_ADMINS);
    }
}
