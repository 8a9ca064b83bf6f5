package io.countersign.offenders;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.StageTasks;
import io.countersign.approval.deciding.DecisionRecorder;
import io.countersign.identity.UserId;
import io.countersign.offenders.web.KnowAllController;
import java.util.Optional;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Has its recorder injected into a field, decides past the one door, completes tasks by itself, runs SQL past the one
 * client, reads the engine's history and internals, and knows a package that knows this one.
 */
public class Shortcut {

    @Autowired
    private DecisionRecorder recorder;

    void decide(ApprovalId approval, UserId person) {
        recorder.decide(approval, "a task", person, DecisionKind.APPROVE, null, Optional.empty());
    }

    long visits(HistoryService history) {
        return history.createNativeHistoricActivityInstanceQuery()
                .sql("select count(*) from act_hi_actinst")
                .count();
    }

    String historyLevel(ProcessEngineConfigurationImpl engine) {
        return engine.getHistoryLevel().getName();
    }

    boolean asks(KnowAllController controller) {
        return KnowAllController.SHORTCUT == this && controller != null;
    }

    void complete(TaskService tasks, String task) {
        tasks.complete(task);
    }

    void complete(StageTasks tasks, String task) {
        tasks.complete(task, DecisionKind.APPROVE, null, Optional.empty());
    }

    int forget(JdbcTemplate jdbc) {
        return jdbc.update("delete from approvals");
    }
}
