package io.countersign.operations.process;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.operations.EngineOperations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and retries jobs that gave up. */
@Component
class EngineIncidents implements EngineOperations {

    private static final Set<String> SUBJECTS =
            Set.of("approvalId", "clusterId", "routeId", "attachmentId", "clientId", "deliveryId", "tenantId");

    /** Leaves out the copies that the engine shows in every calling instance, as its own query does not. */
    private static final String FAILED_ITSELF = "i.incident_type_ = 'failedJob' and i.cause_incident_id_ = i.id_";

    private static final String OPEN = """
            select i.id_, i.configuration_, d.key_, i.proc_def_id_, i.proc_inst_id_, e.business_key_,
            coalesce(i.failed_activity_id_, i.activity_id_) as activity, i.incident_msg_, i.incident_timestamp_
            from act_ru_incident i
            join act_re_procdef d on d.id_ = i.proc_def_id_
            left join act_ru_execution e on e.id_ = i.proc_inst_id_
            where i.configuration_ is not null and\s""" + FAILED_ITSELF;

    /** A row of {@link #OPEN}. */
    private record Open(
            String id,
            String job,
            String process,
            String definition,
            String instance,
            String businessKey,
            String activity,
            String message,
            Instant at) {}

    private static final Keyset<Open> NEWEST_FIRST = Keyset.newestFirst(
            "i.incident_timestamp_", "i.id_", Key::id, incident -> new Key(incident.at(), incident.id()));

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
                        where %s group by d.key_""".formatted(FAILED_ITSELF))
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
    public Page<FailedJob> failedJobs(Optional<String> process, PageRequest page) {
        Page<Open> open =
                PageQuery.of(OPEN).andIf("d.key_ = ?", process).page(jdbc, EngineIncidents::open, NEWEST_FIRST, page);
        return new Page<>(describe(open.items()), open.nextCursor());
    }

    @Override
    public Optional<FailedJob> failedJob(String incidentId) {
        return describe(jdbc.sql(OPEN + " and i.id_ = ?")
                        .param(incidentId)
                        .query(EngineIncidents::open)
                        .list())
                .stream()
                .findFirst();
    }

    @Override
    public void retry(FailedJob job) {
        // Due at once: the job may still carry the wait that followed its last failure.
        management.setJobRetries(1).jobIds(List.of(job.jobId())).dueDate(null).execute();
    }

    private static Open open(ResultSet row, int n) throws SQLException {
        return new Open(
                row.getString("id_"),
                row.getString("configuration_"),
                row.getString("key_"),
                row.getString("proc_def_id_"),
                row.getString("proc_inst_id_"),
                row.getString("business_key_"),
                row.getString("activity"),
                row.getString("incident_msg_"),
                row.getTimestamp("incident_timestamp_").toInstant());
    }

    private List<FailedJob> describe(List<Open> incidents) {
        if (incidents.isEmpty()) {
            return List.of();
        }
        String[] instances = incidents.stream().map(Open::instance).distinct().toArray(String[]::new);
        Map<String, Map<String, String>> subjects = new HashMap<>();
        runtime.createVariableInstanceQuery().processInstanceIdIn(instances).list().stream()
                .filter(variable -> SUBJECTS.contains(variable.getName()) && variable.getValue() instanceof String)
                .forEach(variable -> subjects.computeIfAbsent(variable.getProcessInstanceId(), id -> new HashMap<>())
                        .put(variable.getName(), (String) variable.getValue()));
        return incidents.stream()
                .map(incident -> new FailedJob(
                        incident.id(),
                        incident.job(),
                        incident.process(),
                        incident.instance(),
                        incident.businessKey(),
                        activityName(incident),
                        incident.message() == null || incident.message().isBlank()
                                ? "The cause is unknown; the log says more."
                                : incident.message(),
                        incident.at(),
                        Map.copyOf(subjects.getOrDefault(incident.instance(), Map.of()))))
                .toList();
    }

    private String activityName(Open incident) {
        FlowElement element =
                repository.getBpmnModelInstance(incident.definition()).getModelElementById(incident.activity());
        return element == null || element.getName() == null ? incident.activity() : element.getName();
    }
}
