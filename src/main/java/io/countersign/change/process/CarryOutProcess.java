package io.countersign.change.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.EntityType;
import io.countersign.change.CarriedChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Names that {@code carry-out.bpmn} uses. */
final class CarryOutProcess {

    /** The process. */
    static final String KEY = "carry-out";

    /** The timer that ends with a freeze window. */
    static final String FREEZE_WINDOW_ENDS = "freeze-window-ends";

    /** The variable that names the subject. */
    static final String SUBJECT = "subject";

    private static final String KIND = "kind";

    /** All that an instance knows. */
    static final List<String> VARIABLES = List.of(KIND, SUBJECT);

    /** What starts the process. */
    private static final String RESOURCE = "the request for the change";

    private CarryOutProcess() {}

    /** @return the variables that start an instance */
    static Map<String, Object> variables(EntityType kind, UUID subject) {
        return Map.of(KIND, kind.wireName(), SUBJECT, subject.toString());
    }

    /** @return the change that an execution carries out */
    static CarriedChange change(DelegateExecution execution) {
        DelegateExecution caller = execution.getProcessInstance().getSuperExecution();
        return change(
                execution.getVariable(KIND),
                execution.getVariable(SUBJECT),
                caller == null ? execution.getProcessInstanceId() : caller.getProcessInstanceId());
    }

    /** @return the same; empty if the variables name nothing, as when an administrator changed them */
    static Optional<CarriedChange> find(Map<String, Object> variables, String rootProcess) {
        try {
            return Optional.of(change(variables.get(KIND), variables.get(SUBJECT), rootProcess));
        } catch (InvalidInput | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static CarriedChange change(Object kind, Object subject, String rootProcess) {
        return new CarriedChange(
                new EntityType(String.valueOf(kind)), ProcessSubject.id(subject, SUBJECT, RESOURCE), rootProcess);
    }
}
