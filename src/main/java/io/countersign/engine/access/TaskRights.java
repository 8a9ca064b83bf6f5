package io.countersign.engine.access;

import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.authorization.TaskPermissions;
import org.camunda.bpm.engine.impl.cfg.auth.DefaultAuthorizationProvider;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.task.Task;

/**
 * What a task gives to whom: its candidate groups may read it, work on it and give it back. A claim gives nothing,
 * since what it gave would stay when its holder leaves the group.
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

    /** Nobody has a right to a task that is made now, so none is looked for. */
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

    /** Comments on tasks are for all who see the task; see {@link EngineAuthorizations}. */
    @Override
    protected boolean isHistoricInstancePermissionsEnabled() {
        return false;
    }
}
