package io.countersign.engine.doors;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.groups.EngineGroups;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.RequestPath;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers any request about a task that the caller may not see as if the task did not exist. The engine would name the
 * missing permission and the model, or fail, and so reveal one organization to another.
 */
class HiddenTasks extends OncePerRequestFilter {

    private static final Set<String> NO_TASKS = Set.of("count", "create", "report");

    private final IdentityService identity;
    private final TaskService tasks;
    private final EngineGroups groups;
    private final ObjectMapper json;

    HiddenTasks(IdentityService identity, TaskService tasks, EngineGroups groups, ObjectMapper json) {
        this.identity = identity;
        this.tasks = tasks;
        this.groups = groups;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> task = task(request);
        Optional<UserId> caller = CurrentUser.find();
        if (task.isPresent() && caller.isPresent() && !sees(caller.get(), task.get())) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            json.writeValue(
                    response.getOutputStream(),
                    Map.of("type", "InvalidRequestException", "message", "No matching task with id " + task.get()));
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean sees(UserId person, String task) {
        try {
            identity.setAuthentication(person.value(), groups.of(person), List.of());
            return tasks.createTaskQuery().taskId(task).count() == 1;
        } finally {
            identity.clearAuthentication();
        }
    }

    /** @return the task that a request is about */
    private static Optional<String> task(HttpServletRequest request) {
        List<String> segments = EngineDoors.belowPrefix(
                        RequestPath.parse(request.getRequestURI(), request.getContextPath())
                                .pathWithinApplication())
                .map(PathContainer::elements)
                .orElse(List.of())
                .stream()
                .filter(PathSegment.class::isInstance)
                .map(segment -> ((PathSegment) segment).valueToMatch())
                .toList();
        return segments.size() >= 2 && segments.get(0).equals("task") && !NO_TASKS.contains(segments.get(1))
                ? Optional.of(segments.get(1))
                : Optional.empty();
    }
}
