package io.countersign.engine.jobs;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The engine's finished and open jobs as operators see them; retries failed ones. */
@Component
public class EngineOperations {

    /** Excludes the copies that the engine shows in every calling instance, as its own query does not. */
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

    /**
     * A job that gave up.
     *
     * @param id the incident
     * @param jobId the job
     * @param process the process's key, such as {@code carry-out}
     * @param processInstanceId the instance
     * @param businessKey the instance's display name; null if it has none
     * @param activity the failed activity's name
     * @param reason the last failure's message
     * @param at when it gave up
     * @param variables the text variables of the instance
     */
    public record FailedJob(
            String id,
            String jobId,
            String process,
            String processInstanceId,
            String businessKey,
            String activity,
            String reason,
            Instant at,
            Map<String, String> variables) {}

    private final RuntimeService runtime;
    private final RepositoryService repository;
    private final ManagementService management;
    private final JdbcClient jdbc;
    private final Clock clock;

    EngineOperations(
            @Lazy RuntimeService runtime,
            @Lazy RepositoryService repository,
            @Lazy ManagementService management,
            JdbcClient jdbc,
            Clock clock) {
        this.runtime = runtime;
        this.repository = repository;
        this.management = management;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @return the keys of all processes */
    public List<String> processKeys() {
        // The engine's own query parses every model that it finds, for its documentation.
        return jdbc.sql("select distinct key_ from act_re_procdef order by key_")
                .query(String.class)
                .list();
    }

    /** @return how many incidents each process has; processes without any are left out */
    public Map<String, Long> openIncidents() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.sql("""
                        select d.key_, count(*) from act_ru_incident i join act_re_procdef d on d.id_ = i.proc_def_id_
                        where %s group by d.key_""".formatted(FAILED_ITSELF))
                .query((row, n) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    /** @return how many jobs are due but not started */
    public long jobsDue() {
        return jdbc.sql("""
                        select count(*) from act_ru_job
                        where retries_ > 0 and suspension_state_ = 1 and (duedate_ is null or duedate_ <= now())
                        and (lock_exp_time_ is null or lock_exp_time_ < now())""").query(Long.class).single();
    }

    /** @return how many jobs each instance has locked to run them now; instances without any are left out */
    public Map<String, Long> lockedJobs() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.sql("""
                        select lock_owner_, count(*) from act_ru_job
                        where lock_owner_ is not null and lock_exp_time_ >= now() group by lock_owner_""")
                .query((row, n) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    /**
     * @param process only of this process
     * @return jobs that gave up, newest first
     */
    public Page<FailedJob> failedJobs(Optional<String> process, PageRequest page) {
        Page<Open> open =
                PageQuery.of(OPEN).andIf("d.key_ = ?", process).page(jdbc, EngineOperations::open, NEWEST_FIRST, page);
        return new Page<>(describe(open.items()), open.nextCursor());
    }

    /** @return the job of an incident; empty if it is no longer open */
    public Optional<FailedJob> failedJob(String incidentId) {
        return describe(jdbc.sql(OPEN + " and i.id_ = ?")
                        .param(incidentId)
                        .query(EngineOperations::open)
                        .list())
                .stream()
                .findFirst();
    }

    /**
     * Sets the interval of a process's timers unless it already is this one; a shorter one takes effect immediately.
     */
    public void repeatEvery(Duration interval, String process) {
        String cycle = "R/" + interval;
        jdbc.sql("""
                        update act_ru_job
                        set repeat_ = ?, duedate_ = least(duedate_, ?::timestamp), rev_ = rev_ + 1
                        where process_def_key_ = ? and type_ = 'timer' and repeat_ <> ?""")
                .params(cycle, Timestamp.from(clock.instant().plus(interval)), process, cycle)
                .update();
    }

    /** Lets a job run again: immediately, exactly one attempt. */
    public void retry(FailedJob job) {
        // Clears the due date: the job may still carry the delay set by its last failure.
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
        Map<String, Map<String, String>> variables = new HashMap<>();
        runtime.createVariableInstanceQuery().processInstanceIdIn(instances).list().stream()
                .filter(variable -> variable.getValue() instanceof String)
                .forEach(variable -> variables
                        .computeIfAbsent(variable.getProcessInstanceId(), id -> new HashMap<>())
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
                        Map.copyOf(variables.getOrDefault(incident.instance(), Map.of()))))
                .toList();
    }

    private String activityName(Open incident) {
        FlowElement element =
                repository.getBpmnModelInstance(incident.definition()).getModelElementById(incident.activity());
        return element == null || element.getName() == null ? incident.activity() : element.getName();
    }
}
