package io.countersign.engine.access;

import io.countersign.engine.model.ModelExpressions;
import io.countersign.identity.membership.GroupNames;
import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricTaskPermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.filter.Filter;
import org.camunda.bpm.engine.impl.util.ResourceTypeUtil;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * The engine authorizations of groups: people work on tasks in Tasklist, superadmins watch Cockpit and retry jobs, and
 * administrators may do everything. A task's candidates get their rights on it when the task is created. Every start
 * corrects what differs and writes nothing else.
 */
@Component
class EngineAuthorizations implements ApplicationRunner {

    private static final String ANY = Authorization.ANY;
    private static final String FILTER_NAME = "My decisions";

    private final AuthorizationService authorizations;
    private final FilterService filters;
    private final TaskService tasks;

    EngineAuthorizations(AuthorizationService authorizations, FilterService filters, TaskService tasks) {
        this.authorizations = authorizations;
        this.filters = filters;
        this.tasks = tasks;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        List<Authorization> granted = authorizations
                .createAuthorizationQuery()
                .authorizationType(Authorization.AUTH_TYPE_GRANT)
                .groupIdIn(GroupNames.PEOPLE, GroupNames.SUPERADMINS, GroupNames.ENGINE_ADMINS)
                .list();
        Stream.concat(ofAdministrators(), ofOthers())
                .filter(grant -> granted.stream().noneMatch(grant::isMetBy))
                .forEach(grant -> save(grant, granted));
    }

    private static Stream<Grant> ofAdministrators() {
        return Stream.of(Resources.values())
                .map(resource -> new Grant(GroupNames.ENGINE_ADMINS, resource, ANY, Permissions.ALL));
    }

    private Stream<Grant> ofOthers() {
        return Stream.of(
                new Grant(GroupNames.PEOPLE, Resources.APPLICATION, "tasklist", Permissions.ACCESS),
                new Grant(GroupNames.PEOPLE, Resources.APPLICATION, "welcome", Permissions.ACCESS),
                new Grant(GroupNames.PEOPLE, Resources.FILTER, filter().getId(), Permissions.READ),
                new Grant(GroupNames.PEOPLE, Resources.PROCESS_DEFINITION, "approval-stages", Permissions.READ),
                new Grant(GroupNames.PEOPLE, Resources.PROCESS_DEFINITION, "route-change", Permissions.READ),
                // Comments on a task are kept with its history and visible to everyone who sees the task: HiddenTasks
                // checks that first, and the history's own endpoints are closed to people.
                new Grant(GroupNames.PEOPLE, Resources.HISTORIC_TASK, ANY, HistoricTaskPermissions.READ),
                new Grant(GroupNames.SUPERADMINS, Resources.APPLICATION, "cockpit", Permissions.ACCESS),
                new Grant(
                        GroupNames.SUPERADMINS,
                        Resources.PROCESS_DEFINITION,
                        ANY,
                        ProcessDefinitionPermissions.READ,
                        ProcessDefinitionPermissions.READ_INSTANCE,
                        ProcessDefinitionPermissions.READ_HISTORY,
                        ProcessDefinitionPermissions.READ_TASK,
                        ProcessDefinitionPermissions.RETRY_JOB),
                new Grant(
                        GroupNames.SUPERADMINS,
                        Resources.PROCESS_INSTANCE,
                        ANY,
                        ProcessInstancePermissions.READ,
                        ProcessInstancePermissions.RETRY_JOB),
                new Grant(GroupNames.SUPERADMINS, Resources.DEPLOYMENT, ANY, Permissions.READ),
                // Allows sending the messages tenant.suspend and tenant.reactivate; the endpoints for variables and
                // modifications are closed to them.
                new Grant(
                        GroupNames.SUPERADMINS,
                        Resources.PROCESS_DEFINITION,
                        "tenant-lifecycle",
                        ProcessDefinitionPermissions.UPDATE_INSTANCE));
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

    private void save(Grant grant, List<Authorization> granted) {
        Authorization authorization = granted.stream()
                .filter(grant::isAbout)
                .findAny()
                .orElseGet(() -> authorizations.createNewAuthorization(Authorization.AUTH_TYPE_GRANT));
        authorization.setGroupId(grant.group());
        authorization.setResource(grant.resource());
        authorization.setResourceId(grant.id());
        authorization.setPermissions(grant.permissions());
        authorizations.saveAuthorization(authorization);
    }

    /** What a group may do with one resource, or with {@link Authorization#ANY} of its kind; it grants nothing else. */
    private record Grant(String group, Resource resource, String id, Permission... permissions) {

        boolean isAbout(Authorization authorization) {
            return authorization.getGroupId().equals(group)
                    && authorization.getResourceType() == resource.resourceType()
                    && authorization.getResourceId().equals(id);
        }

        boolean isMetBy(Authorization authorization) {
            int wanted = Stream.of(permissions).mapToInt(Permission::getValue).reduce(0, (a, b) -> a | b);
            return isAbout(authorization)
                    && possible()
                            .allMatch(permission -> authorization.isPermissionGranted(permission)
                                    == ((permission.getValue() & wanted) == permission.getValue()));
        }

        private Stream<Permission> possible() {
            return Stream.of(ResourceTypeUtil.getPermissionsByResourceType(resource.resourceType()))
                    .filter(permission -> List.of(permission.getTypes()).contains(resource));
        }
    }
}
