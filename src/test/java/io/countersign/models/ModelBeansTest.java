package io.countersign.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ProcessTest;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.CallActivity;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** What models refer to exists: beans and what is called on them, forms, other processes. */
class ModelBeansTest extends ProcessTest {

    private static final Pattern BEAN =
            Pattern.compile("\\$\\{(not )?(?<bean>[a-z]\\w*)(\\.(?<member>\\w+)(?<call>\\(execution\\))?)?}");

    private static final Pattern DELEGATE =
            Pattern.compile("<(?<element>[\\w:]+)[^>]*elegateExpression=\"\\$\\{(?<bean>\\w+)}\"");

    @Autowired
    private ApplicationContext application;

    @Test
    void every_bean_that_a_model_names_is_one_of_the_application() throws IOException {
        for (Path model : Models.all()) {
            for (MatchResult expression : matches(BEAN, model)) {
                if (!expression.group(2).equals("null")) {
                    assertThat(application.containsBean(expression.group(2)))
                            .as("%s in %s", expression.group(), model)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void every_member_that_a_model_calls_is_public_on_its_bean() throws IOException {
        for (Path model : Models.all()) {
            for (MatchResult expression : matches(BEAN, model)) {
                String member = expression.group(4);
                if (member != null) {
                    Class<?> bean = application.getType(expression.group(2));
                    assertThat(expression.group(5) == null ? property(bean, member) : method(bean, member))
                            .as("%s in %s", expression.group(), model)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void every_delegate_and_listener_is_one() throws IOException {
        for (Path model : Models.all()) {
            for (MatchResult reference : matches(DELEGATE, model)) {
                Class<?> expected = switch (reference.group(1)) {
                    case "camunda:taskListener" -> TaskListener.class;
                    case "camunda:executionListener" -> ExecutionListener.class;
                    default -> JavaDelegate.class;
                };
                assertThat(application.getBean(reference.group(2)))
                        .as("%s in %s", reference.group(2), model)
                        .isInstanceOf(expected);
            }
        }
    }

    @Test
    void every_form_and_every_called_process_exists() {
        for (Path file : Models.all()) {
            BpmnModelInstance model = Bpmn.readModelFromFile(file.toFile());
            assertThat(model.getModelElementsByType(CallActivity.class))
                    .allSatisfy(call ->
                            assertThat(Models.all()).contains(Path.of("bpmn", call.getCalledElement() + ".bpmn")));
            assertThat(model.getModelElementsByType(UserTask.class))
                    .allSatisfy(task -> assertThat(Path.of("forms", task.getCamundaFormRef() + ".form"))
                            .content()
                            .contains("\"id\": \"" + task.getCamundaFormRef() + "\""));
        }
    }

    private static List<MatchResult> matches(Pattern pattern, Path model) throws IOException {
        return pattern.matcher(Files.readString(model)).results().toList();
    }

    private static boolean property(Class<?> bean, String name) {
        PropertyDescriptor property = BeanUtils.getPropertyDescriptor(bean, name);
        return property != null && property.getReadMethod() != null;
    }

    private static boolean method(Class<?> bean, String name) {
        return Stream.of(bean.getMethods())
                .anyMatch(method -> method.getName().equals(name)
                        && List.of(method.getParameterTypes()).equals(List.of(DelegateExecution.class)));
    }
}
