package io.countersign.approval.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Problem;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.StageTasks;
import io.countersign.approval.rules.Refusal;
import io.countersign.engine.process.EngineTransactions;
import io.countersign.engine.process.ProcessMessages;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.exception.NullValueException;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Completes and cancels stages in the engine. */
@Component
class EngineStageTasks implements StageTasks {

    private final TaskService tasks;
    private final RuntimeService runtime;
    private final EngineTransactions transactions;
    private final ProcessMessages messages;

    EngineStageTasks(
            @Lazy TaskService tasks,
            @Lazy RuntimeService runtime,
            EngineTransactions transactions,
            ProcessMessages messages) {
        this.tasks = tasks;
        this.runtime = runtime;
        this.transactions = transactions;
        this.messages = messages;
    }

    @Override
    public void complete(String taskId, DecisionKind kind, String comment, Optional<String> seenHash) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(ApprovalProcess.DECISION, kind.wireName());
        variables.put(ApprovalProcess.COMMENT, comment);
        seenHash.ifPresent(hash -> variables.put(ApprovalProcess.CONTENT_HASH, hash));
        complete(taskId, variables, Refusal.ALREADY_DECIDED, "Somebody else decided this stage just now.");
    }

    @Override
    public void ask(String taskId, String question) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(ApprovalProcess.DECISION, ApprovalProcess.ASK);
        variables.put(ApprovalProcess.COMMENT, question);
        complete(taskId, variables, Refusal.ALREADY_DECIDED, "Somebody else decided this stage just now.");
    }

    @Override
    public void answer(String taskId, String answer) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(ApprovalProcess.ANSWER, answer);
        complete(taskId, variables, Refusal.NO_QUESTION, "This question was answered or withdrawn just now.");
    }

    private void complete(String taskId, Map<String, Object> variables, Refusal tooLate, String explanation) {
        try {
            tasks.complete(taskId, variables);
        } catch (NullValueException e) {
            throw new Conflict(tooLate.code(), explanation);
        } catch (OptimisticLockingException e) {
            throw new OptimisticLockingFailureException("Task " + taskId + " changed just now", e);
        } catch (ProcessEngineException e) {
            Problem.in(e).ifPresent(problem -> {
                throw problem;
            });
            throw e;
        }
    }

    @Override
    public void reopen(ApprovalId approval) {
        if (!correlate(approval, ApprovalProcess.CHANGED)) {
            throw new Conflict(ErrorCode.WRONG_STATE, "The stages of this request do not run. Cancel it instead.");
        }
    }

    @Override
    public void addCandidates(String taskId, String group) {
        tasks.addCandidateGroup(taskId, group);
    }

    @Override
    public void apart(Runnable deed) {
        transactions.apart(deed);
    }

    @Override
    public void startAgain(ApprovalId approval, String businessKey) {
        if (!correlate(approval, ApprovalProcess.REOPENED)) {
            runtime.startProcessInstanceByKey(
                    ApprovalProcess.KEY, businessKey, Map.of(ApprovalProcess.APPROVAL_ID, approval.toString()));
        }
    }

    @Override
    public boolean cancel(ApprovalId approval) {
        return correlate(approval, ApprovalProcess.CHANGED);
    }

    /** @return whether an instance waited for the message */
    private boolean correlate(ApprovalId approval, String message) {
        try {
            return messages.bring(message, ApprovalProcess.APPROVAL_ID, approval.toString());
        } catch (ProcessEngineException e) {
            // A job of the same process interfered; this surfaces as various exceptions, see RepeatOnConflict.
            throw new OptimisticLockingFailureException("The stages of approval " + approval + " changed just now", e);
        }
    }
}
