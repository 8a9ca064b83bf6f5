package io.countersign.engine;

import io.countersign.identity.GroupNames;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricTaskPermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.filter.Filter;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * What groups may do in the engine: people work on tasks in Tasklist, superadmins watch Cockpit and retry jobs, and
 * administrators have everything (granted by Camunda's own plug-in). Candidates of a task get their rights on it from
 * the engine when the task is created.
 */
@Component
class EngineAuthorizations implements ApplicationRunner {

    private static final String ANY = Authorization.ANY;
    private static final String FILTER_NAME = "My decisions";

    private final AuthorizationService authorizations;
    private final FilterService filters;
    private final org.camunda.bpm.engine.TaskService tasks;

    EngineAuthorizations(
            AuthorizationService authorizations, FilterService filters, org.camunda.bpm.engine.TaskService tasks) {
        this.authorizations = authorizations;
        this.filters = filters;
        this.tasks = tasks;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        grant(GroupNames.PEOPLE, Resources.APPLICATION, "tasklist", Permissions.ACCESS);
        grant(GroupNames.PEOPLE, Resources.APPLICATION, "welcome", Permissions.ACCESS);
        grant(GroupNames.PEOPLE, Resources.FILTER, filter().getId(), Permissions.READ);
        grant(GroupNames.PEOPLE, Resources.PROCESS_DEFINITION, "approval-stages", Permissions.READ);
        grant(GroupNames.PEOPLE, Resources.PROCESS_DEFINITION, "route-change", Permissions.READ);
        // Comments on a task are kept with its history. Who sees the task sees them: HiddenTasks asks that first, and
        // the history itself is behind doors that are shut for people.
        grant(GroupNames.PEOPLE, Resources.HISTORIC_TASK, ANY, HistoricTaskPermissions.READ);
        grant(GroupNames.SUPERADMINS, Resources.APPLICATION, "cockpit", Permissions.ACCESS);
        grant(
                GroupNames.SUPERADMINS,
                Resources.PROCESS_DEFINITION,
                ANY,
                ProcessDefinitionPermissions.READ,
                ProcessDefinitionPermissions.READ_INSTANCE,
                ProcessDefinitionPermissions.READ_HISTORY,
                ProcessDefinitionPermissions.READ_TASK,
                ProcessDefinitionPermissions.RETRY_JOB);
        grant(
                GroupNames.SUPERADMINS,
                Resources.PROCESS_INSTANCE,
                ANY,
                ProcessInstancePermissions.READ,
                ProcessInstancePermissions.RETRY_JOB);
        grant(GroupNames.SUPERADMINS, Resources.DEPLOYMENT, ANY, Permissions.READ);
        // Lets them send the messages tenant.suspend and tenant.reactivate; variables and modifications are behind
        // doors that are shut for them.
        grant(
                GroupNames.SUPERADMINS,
                Resources.PROCESS_DEFINITION,
                "tenant-lifecycle",
                ProcessDefinitionPermissions.UPDATE_INSTANCE);
    }

    private Filter filter() {
        Filter existing = filters.createFilterQuery().filterName(FILTER_NAME).singleResult();
        if (existing != null) {
            return existing;
        }
        Filter filter = filters.newTaskFilter(FILTER_NAME);
        filter.setQuery(tasks.createTaskQuery()
                .taskCandidateUserExpression(ModelExpressions.CURRENT_USER)
                .includeAssignedTasks());
        return filters.saveFilter(filter);
    }

    private void grant(String group, Resource resource, String id, Permission... permissions) {
        Authorization authorization = authorizations
                .createAuthorizationQuery()
                .authorizationType(Authorization.AUTH_TYPE_GRANT)
                .groupIdIn(group)
                .resourceType(resource)
                .resourceId(id)
                .singleResult();
        if (authorization == null) {
            authorization = authorizations.createNewAuthorization(Authorization.AUTH_TYPE_GRANT);
            authorization.setGroupId(group);
            authorization.setResource(resource);
            authorization.setResourceId(id);
        }
        authorization.setPermissions(permissions);
        authorizations.saveAuthorization(authorization);
    }
}
