package io.countersign.approval.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.http.BaseUrl;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.risk.Risks;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.wording.Change;
import io.countersign.audit.Origin;
import io.countersign.engine.process.SentVariables;
import io.countersign.identity.UserId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Sets the variables that {@code decide-stage.form} shows. They are read-only: what a client writes into them is
 * ignored. They belong to the process, which has one task at a time, so that values shared by all stages are written
 * once.
 */
@Component
class DecisionForm {

    /** The engine stores strings of up to this many characters. */
    private static final int MAX_LENGTH = 4000;

    private static final String TOO_LONG =
            "Too long for this form. The page of the request shows all of it, and takes the" + " decision.";
    private static final String NONE = "None.";
    private static final String EARLIER = "earlierDecisions";
    private static final String RISKS = "risks";

    private final Approvals approvals;
    private final Risks risks;
    private final BaseUrl baseUrl;
    private final ObjectProvider<RuntimeService> runtime;

    DecisionForm(Approvals approvals, Risks risks, BaseUrl baseUrl, ObjectProvider<RuntimeService> runtime) {
        this.approvals = approvals;
        this.risks = risks;
        this.baseUrl = baseUrl;
        this.runtime = runtime;
    }

    void fill(DelegateTask task, ApprovalId id) {
        Approval approval = approvals.get(id);
        int order = approval.openStage().orElseThrow().order();
        task.setName("Decide: " + request(approval));
        asked(approval).forEach((name, value) -> set(task, name, value));
        set(task, "stage", "Stage " + order + " of " + approval.stages().size());
        set(task, EARLIER, whole(earlier(approval)));
        set(task, RISKS, risks(approval));
        set(task, "page", page(id));
    }

    /** Sets the variables that {@code answer-question.form} shows on the submitter's task. */
    void fill(DelegateTask task, ApprovalId id, Question question) {
        Approval approval = approvals.get(id);
        task.setName("Answer: " + request(approval));
        set(task, "request", request(approval) + " (" + approval.scope().id() + ")");
        set(task, "askedBy", question.askedBy() + inPlace(question.onBehalfOf()));
        set(task, "question", whole(question.text()));
        set(task, EARLIER, whole(earlier(approval)));
    }

    /** Sets a variable, unless the task already has that value. */
    private static void set(DelegateTask task, String name, String value) {
        DelegateExecution execution = task.getExecution();
        if (!value.equals(execution.getVariable(name))) {
            execution.setVariable(name, value);
        }
    }

    /**
     * @return the value that a client sent on completing a task, or empty if it sent none
     * @throws InvalidInput if it is not a text
     */
    static Optional<String> text(DelegateTask task, String variable) {
        return SentVariables.take(task, variable).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw new InvalidInput(variable, "must be a string");
        });
    }

    /**
     * Refuses a task that does not belong to the open question, or that shows another question to people who see it in
     * Tasklist or over engine-rest.
     *
     * @throws Conflict with {@code no_question} or {@code content_changed}
     */
    void requireQuestion(DelegateTask task, ApprovalId id) {
        Question question = approvals
                .get(id)
                .openQuestion()
                .filter(open -> open.taskId().filter(task.getId()::equals).isPresent())
                .orElseThrow(
                        () -> new Conflict(Refusal.NO_QUESTION.code(), "The request does not wait for this answer."));
        if (byTask() && !whole(question.text()).equals(task.getVariable("question"))) {
            throw new Conflict(
                    ErrorCode.CONTENT_CHANGED,
                    "The task does not show what was asked: somebody changed it. The console shows the question.");
        }
    }

    /**
     * Refuses a decision made in Tasklist or over engine-rest on a task that does not show the whole request, unless it
     * names the content that the person has seen.
     *
     * @throws Conflict with {@code content_not_shown}
     */
    void requireAllShown(ApprovalId id) {
        Approval approval = approvals.get(id);
        if (byTask()
                && (asked(approval).containsValue(TOO_LONG)
                        || earlier(approval).length() > MAX_LENGTH
                        || risks(approval).equals(TOO_LONG))) {
            throw new Conflict(
                    ErrorCode.CONTENT_NOT_SHOWN,
                    "The form does not show all of this request. Decide it at " + page(id)
                            + " or name the content hash that you have seen as contentHash.");
        }
    }

    /**
     * Refuses a task that does not show what is being decided because its variables were overwritten in the engine.
     *
     * @throws Conflict with {@code stage_not_open} if the request waits for another task, with {@code content_changed}
     *     if this one shows something different to people who see it in Tasklist or over engine-rest
     */
    void requireUntouched(DelegateTask task, ApprovalId id) {
        Approval approval = approvals.get(id);
        Optional<String> awaited = approval.openStage().flatMap(Stage::taskId);
        if (awaited.isPresent() && !awaited.get().equals(task.getId())) {
            throw new Conflict(ErrorCode.STAGE_NOT_OPEN, "The request does not wait for this task.");
        }
        if (byTask()
                && !asked(approval).entrySet().stream()
                        .allMatch(field -> field.getValue().equals(task.getVariable(field.getKey())))) {
            throw new Conflict(
                    ErrorCode.CONTENT_CHANGED,
                    "The task does not show what is decided: somebody changed it. The console shows the request.");
        }
        if (byTask() && !risks(approval).equals(Objects.requireNonNullElse(task.getVariable(RISKS), NONE))) {
            throw new Conflict(
                    ErrorCode.CONTENT_NOT_SHOWN,
                    "There is something to know of this request that the form does not show. Decide it at " + page(id)
                            + ".");
        }
    }

    /** Updates a request's open task with what deciders now need to know. */
    void refresh(ApprovalId id, String processInstanceId) {
        runtime.getObject().setVariable(processInstanceId, RISKS, risks(approvals.get(id)));
    }

    private static boolean byTask() {
        return Origin.current() == Origin.TASKLIST || Origin.current() == Origin.ENGINE_REST;
    }

    private String risks(Approval approval) {
        String text = risks.of(approval).stream()
                .map(risk -> risk.text() + " (" + risk.at() + ")")
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? NONE : whole(text);
    }

    private String page(ApprovalId id) {
        return baseUrl.to("/approvals/" + id);
    }

    /** The requested content and the submitter: they stay the same while the task is open. */
    private static Map<String, String> asked(Approval approval) {
        return Map.of(
                "request", request(approval) + " (" + approval.scope().id() + ")",
                "requestedBy", approval.submitter().name(),
                "payload", whole(CanonicalJson.read(approval.content()).toPrettyString()),
                "changes", whole(changes(approval)));
    }

    private static String request(Approval approval) {
        return approval.action() + " " + approval.entityType().wireName() + " " + approval.entityName();
    }

    private static String changes(Approval approval) {
        if (approval.currentContent().isEmpty()) {
            return "All of it is new.";
        }
        String text = Change.of(approval).stream()
                .map(change -> change.field() + ": " + show(change.current()) + " → " + show(change.proposed()))
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? "No field changes." : text;
    }

    private static String show(JsonNode value) {
        return value == null || value.isNull() ? "(nothing)" : value.isTextual() ? value.asText() : value.toString();
    }

    private static String earlier(Approval approval) {
        String text = approval.stages().stream()
                .flatMap(stage -> Stream.concat(
                        stage.former().stream()
                                .map(former -> line(stage, former.decision())
                                        + switch (former.end()) {
                                            case TAKEN_BACK -> " (taken back: ";
                                            case EXPIRED -> " (expired: ";
                                        }
                                        + former.reason() + ")"),
                        stage.decisions().stream().map(decision -> line(stage, decision))))
                .collect(Collectors.joining("\n"));
        String questions = approval.questions().stream()
                .filter(question -> !question.open())
                .map(question -> "Asked by " + question.askedBy() + ": " + question.text() + "\n"
                        + question.answer().map(answer -> "Answer: " + answer).orElse("Withdrawn."))
                .collect(Collectors.joining("\n"));
        String all = Stream.of(text, questions).filter(part -> !part.isEmpty()).collect(Collectors.joining("\n"));
        return all.isEmpty() ? "None yet." : all;
    }

    private static String inPlace(Optional<UserId> absent) {
        return absent.map(person -> " for " + person).orElse("");
    }

    private static String line(Stage stage, Decision decision) {
        return "Stage " + stage.order() + ": " + decision.kind().wireName() + " by " + decision.decidedBy()
                + inPlace(decision.onBehalfOf()) + " at " + decision.decidedAt()
                + (decision.comment() == null ? "" : ": " + decision.comment());
    }

    /** Text that does not fit is omitted entirely: a truncated beginning may hide what matters. */
    private static String whole(String text) {
        return text.length() <= MAX_LENGTH ? text : TOO_LONG;
    }
}
