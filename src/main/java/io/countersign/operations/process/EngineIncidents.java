package io.countersign.operations.process;

import io.countersign.operations.EngineWork;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.repository.ProcessDefinition;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.IncidentQuery;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and retries jobs that gave up. */
@Component
class EngineIncidents implements EngineWork {

    private static final Set<String> SUBJECTS =
            Set.of("approvalId", "clusterId", "routeId", "attachmentId", "clientId", "deliveryId", "tenantId");

    private final RuntimeService runtime;
    private final RepositoryService repository;
    private final ManagementService management;
    private final JdbcClient jdbc;

    EngineIncidents(
            @Lazy RuntimeService runtime,
            @Lazy RepositoryService repository,
            @Lazy ManagementService management,
            JdbcClient jdbc) {
        this.runtime = runtime;
        this.repository = repository;
        this.management = management;
        this.jdbc = jdbc;
    }

    @Override
    public List<String> processKeys() {
        // Not by the engine's query, which parses every model that it finds, for its documentation.
        return jdbc.sql("select distinct key_ from act_re_procdef order by key_")
                .query(String.class)
                .list();
    }

    @Override
    public Map<String, Long> openIncidents() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.sql("""
                        select d.key_, count(*) from act_ru_incident i join act_re_procdef d on d.id_ = i.proc_def_id_
                        where i.incident_type_ = 'failedJob' and i.cause_incident_id_ = i.id_ group by d.key_""")
                .query((row, n) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    @Override
    public long jobsDue() {
        return jdbc.sql("""
                        select count(*) from act_ru_job
                        where retries_ > 0 and suspension_state_ = 1 and (duedate_ is null or duedate_ <= now())
                        and (lock_exp_time_ is null or lock_exp_time_ < now())""").query(Long.class).single();
    }

    @Override
    public Map<String, Long> lockedJobs() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.sql("""
                        select lock_owner_, count(*) from act_ru_job
                        where lock_owner_ is not null and lock_exp_time_ >= now() group by lock_owner_""")
                .query((row, n) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    @Override
    public List<FailedJob> failedJobs(Optional<String> process, int first, int limit) {
        IncidentQuery query = runtime.createIncidentQuery().incidentType(Incident.FAILED_JOB_HANDLER_TYPE);
        process.ifPresent(query::processDefinitionKeyIn);
        return describe(
                query.orderByIncidentTimestamp().desc().orderByIncidentId().asc().listPage(first, limit).stream()
                        .filter(EngineIncidents::isOwn)
                        .toList());
    }

    @Override
    public Optional<FailedJob> failedJob(String incidentId) {
        Incident incident = runtime.createIncidentQuery().incidentId(incidentId).singleResult();
        return incident == null || !isOwn(incident)
                ? Optional.empty()
                : describe(List.of(incident)).stream().findFirst();
    }

    @Override
    public void retry(FailedJob job) {
        // Due at once: the job may still carry the wait that followed its last failure.
        management.setJobRetries(1).jobIds(List.of(job.jobId())).dueDate(null).execute();
    }

    /** The engine shows an incident in every calling instance too. */
    private static boolean isOwn(Incident incident) {
        return incident.getId().equals(incident.getCauseIncidentId()) && incident.getConfiguration() != null;
    }

    private List<FailedJob> describe(Collection<Incident> incidents) {
        if (incidents.isEmpty()) {
            return List.of();
        }
        Set<String> ids = incidents.stream().map(Incident::getProcessInstanceId).collect(Collectors.toSet());
        Map<String, ProcessInstance> instances =
                runtime.createProcessInstanceQuery().processInstanceIds(ids).list().stream()
                        .collect(Collectors.toMap(ProcessInstance::getId, Function.identity()));
        Map<String, Map<String, String>> subjects = new HashMap<>();
        runtime.createVariableInstanceQuery().processInstanceIdIn(ids.toArray(String[]::new)).list().stream()
                .filter(variable -> SUBJECTS.contains(variable.getName()) && variable.getValue() instanceof String)
                .forEach(variable -> subjects.computeIfAbsent(variable.getProcessInstanceId(), id -> new HashMap<>())
                        .put(variable.getName(), (String) variable.getValue()));
        return incidents.stream()
                .map(incident -> {
                    ProcessDefinition definition = repository.getProcessDefinition(incident.getProcessDefinitionId());
                    ProcessInstance instance = instances.get(incident.getProcessInstanceId());
                    String message = incident.getIncidentMessage();
                    return new FailedJob(
                            incident.getId(),
                            incident.getConfiguration(),
                            definition.getKey(),
                            incident.getProcessInstanceId(),
                            instance == null ? null : instance.getBusinessKey(),
                            activityName(incident),
                            message == null || message.isBlank() ? "The cause is unknown; the log says more." : message,
                            incident.getIncidentTimestamp().toInstant(),
                            Map.copyOf(subjects.getOrDefault(incident.getProcessInstanceId(), Map.of())));
                })
                .toList();
    }

    private String activityName(Incident incident) {
        String id = incident.getFailedActivityId() == null ? incident.getActivityId() : incident.getFailedActivityId();
        FlowElement element = repository
                .getBpmnModelInstance(incident.getProcessDefinitionId())
                .getModelElementById(id);
        return element == null || element.getName() == null ? id : element.getName();
    }
}
