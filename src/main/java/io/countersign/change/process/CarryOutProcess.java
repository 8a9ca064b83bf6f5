package io.countersign.change.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.EntityType;
import io.countersign.change.CarriedChange;
import java.util.Map;
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

    /** What starts the process. */
    private static final String RESOURCE = "the request for the change";

    private CarryOutProcess() {}

    /** @return what starts an instance */
    static Map<String, Object> variables(EntityType kind, UUID subject) {
        return Map.of(KIND, kind.wireName(), SUBJECT, subject.toString());
    }

    /** @return what an execution is about */
    static CarriedChange change(DelegateExecution execution) {
        DelegateExecution caller = execution.getProcessInstance().getSuperExecution();
        return change(
                execution.getVariables(),
                caller == null ? execution.getProcessInstanceId() : caller.getProcessInstanceId());
    }

    /**
     * @param variables an instance's variables
     * @param rootProcess the root process of that instance
     * @return what the instance is about
     */
    static CarriedChange change(Map<String, Object> variables, String rootProcess) {
        return new CarriedChange(
                new EntityType(String.valueOf(variables.get(KIND))),
                ProcessSubject.id(variables.get(SUBJECT), SUBJECT, RESOURCE),
                rootProcess);
    }
}
