package io.countersign.engine.access;

import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.authorization.TaskPermissions;
import org.camunda.bpm.engine.impl.cfg.auth.DefaultAuthorizationProvider;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.task.Task;

/**
 * The rights on a task: its candidate groups may read it, work on it and release it. A claim grants nothing, because
 * the grant would outlive its holder's membership in the group.
 */
class TaskRights extends DefaultAuthorizationProvider {

    @Override
    public AuthorizationEntity[] newTaskAssignee(Task task, String oldAssignee, String newAssignee) {
        return OwnClaims.isNew(task) ? super.newTaskAssignee(task, oldAssignee, newAssignee) : null;
    }

    @Override
    public AuthorizationEntity[] newTaskOwner(Task task, String oldOwner, String newOwner) {
        return null;
    }

    /** A task that is being created has no authorizations yet, so none are looked up. */
    @Override
    public AuthorizationEntity[] newTaskGroupIdentityLink(Task task, String groupId, String type) {
        if (!OwnClaims.isNew(task)) {
            return super.newTaskGroupIdentityLink(task, groupId, type);
        }
        AuthorizationEntity right =
                createGrantAuthorization(null, groupId, Resources.TASK, task.getId(), getRuntimePermissions(false));
        updateAuthorizationBasedOnCacheEntries(right, null, groupId, Resources.TASK, task.getId());
        return new AuthorizationEntity[] {right};
    }

    @Override
    protected Permission[] getRuntimePermissions(boolean enforceSpecificVariablePermission) {
        return new Permission[] {TaskPermissions.READ, TaskPermissions.TASK_WORK, TaskPermissions.TASK_ASSIGN};
    }

    /** Everyone who sees the task may comment on it; see {@link EngineAuthorizations}. */
    @Override
    protected boolean isHistoricInstancePermissionsEnabled() {
        return false;
    }
}
