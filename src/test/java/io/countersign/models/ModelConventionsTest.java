package io.countersign.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BaseElement;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.CallActivity;
import org.camunda.bpm.model.bpmn.instance.EndEvent;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.StartEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we ask of a model beyond the linter (CONTRIBUTING.md, "Models"). The broken model breaks every convention. */
class ModelConventionsTest {

    private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern EXPRESSION = Pattern.compile("[$#]\\{[^}]*}");

    /** A bean, a property of it, or one call that gets nothing but the execution. */
    private static final Pattern BEAN_CALL =
            Pattern.compile("[$#]\\{(not )?(?<bean>[a-z]\\w*)(\\.[a-z]\\w*(\\(execution\\))?)?}");

    private static final Pattern NOTHING = Pattern.compile("\\$\\{null}");

    enum Convention {
        FILE_IS_NAMED_LIKE_ITS_ONLY_PROCESS(model -> assertThat(model.elements(Process.class))
                .extracting(process -> process.getId() + ".bpmn")
                .containsExactly(model.file().getFileName().toString())),

        IDS_ARE_IN_KEBAB_CASE(model -> assertThat(model.elements(BaseElement.class))
                .allSatisfy(element -> assertThat(element.getId())
                        .as("id of a %s", element.getElementType().getTypeName())
                        .satisfiesAnyOf(
                                id -> assertThat(id).isNull(),
                                id -> assertThat(id).matches(KEBAB_CASE)))),

        PROCESS_IS_DOCUMENTED(model -> assertThat(model.elements(Process.class)).allSatisfy(process -> {
            assertThat(process.getName()).isNotBlank();
            assertThat(process.getDocumentations())
                    .singleElement()
                    .satisfies(text -> assertThat(text.getTextContent()).hasSizeGreaterThan(40));
        })),

        PROCESS_HAS_A_VERSION_AND_A_HISTORY_OF_LIMITED_LENGTH(model -> assertThat(model.elements(Process.class))
                .allSatisfy(process -> {
                    assertThat(process.getCamundaVersionTag()).isNotBlank();
                    assertThat(process.getCamundaHistoryTimeToLiveString()).matches("P\\d+D");
                })),

        EVERYTHING_IS_DRAWN(model -> {
            assertThat(model.elements(FlowNode.class))
                    .allSatisfy(node -> assertThat(node.getDiagramElement())
                            .as("shape of " + node.getId())
                            .isNotNull());
            assertThat(model.elements(SequenceFlow.class))
                    .allSatisfy(flow -> assertThat(flow.getDiagramElement())
                            .as("edge of " + flow.getId())
                            .isNotNull());
        }),

        ACTIVITIES_AND_EVENTS_HAVE_NAMES(model -> assertThat(model.elements(FlowNode.class))
                .filteredOn(node -> node instanceof Activity
                        || node instanceof StartEvent
                        || node instanceof EndEvent
                        || node instanceof BoundaryEvent)
                .allSatisfy(node ->
                        assertThat(node.getName()).as("name of " + node.getId()).isNotBlank())),

        FORKING_GATEWAY_IS_A_QUESTION_AND_ITS_FLOWS_ARE_ANSWERS(model -> assertThat(model.forks())
                .allSatisfy(gateway -> {
                    assertThat(gateway.getName())
                            .as("name of " + gateway.getId())
                            .endsWith("?");
                    assertThat(gateway.getOutgoing())
                            .allSatisfy(flow -> assertThat(flow.getName())
                                    .as("name of " + flow.getId())
                                    .isNotBlank());
                })),

        DEFAULT_FLOW_IS_THE_REFUSING_ONE(model -> assertThat(model.forks()).allSatisfy(gateway -> {
            assertThat(gateway.getDefault())
                    .as("default flow of " + gateway.getId())
                    .isNotNull();
            assertThat(gateway.getDefault().getName()).matches("(?i)(no|not|none)\\b.*");
            assertThat(gateway.getOutgoing()).allSatisfy(flow -> {
                boolean refusing = flow.equals(gateway.getDefault());
                assertThat(flow.getConditionExpression() == null)
                        .as("%s has no condition", flow.getId())
                        .isEqualTo(refusing);
                assertThat(refusing || !flow.getName().matches("(?i)(no|not|none)\\b.*"))
                        .as("%s does not refuse", flow.getId())
                        .isTrue();
            });
        })),

        EXPRESSIONS_ONLY_NAME_OR_CALL_A_BEAN(model -> assertThat(model.expressions())
                .allSatisfy(expression -> assertThat(expression)
                        .satisfiesAnyOf(
                                text -> assertThat(text).matches(BEAN_CALL),
                                text -> assertThat(text).matches(NOTHING)))),

        CALLED_PROCESS_IS_THAT_OF_THE_SAME_VERSION(model -> assertThat(model.elements(CallActivity.class))
                .allSatisfy(call ->
                        assertThat(call.getCamundaCalledElementBinding()).isEqualTo("deployment"))),

        CODE_IS_A_BEAN_AND_NO_CLASS_OR_SCRIPT(model -> assertThat(model.text())
                .doesNotContainPattern(
                        "\\s(camunda:)?(class|expression|resultVariable)=|<bpmn:script|<camunda:script"));

        private final Consumer<Model> check;

        Convention(Consumer<Model> check) {
            this.check = check;
        }
    }

    @ParameterizedTest
    @EnumSource
    void models_keep_to_the_convention(Convention convention) {
        assertThat(Models.all()).map(Model::read).allSatisfy(convention.check);
    }

    @ParameterizedTest
    @EnumSource
    void broken_model_is_found_out(Convention convention) {
        assertThatThrownBy(() -> convention.check.accept(Model.read(Models.BROKEN)))
                .isInstanceOf(AssertionError.class);
    }

    private record Model(Path file, String text, BpmnModelInstance content) {

        static Model read(Path file) {
            try {
                return new Model(file, Files.readString(file), Bpmn.readModelFromFile(file.toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        <T extends BaseElement> Collection<T> elements(Class<T> type) {
            return content.getModelElementsByType(type);
        }

        List<ExclusiveGateway> forks() {
            return elements(ExclusiveGateway.class).stream()
                    .filter(gateway -> gateway.getOutgoing().size() > 1)
                    .toList();
        }

        List<String> expressions() {
            return EXPRESSION
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList();
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
