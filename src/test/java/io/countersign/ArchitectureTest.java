package io.countersign;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.countersign.approval.StageTasks;
import io.countersign.approval.deciding.DecisionRecorder;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.offenders.BusyDelegates;
import io.countersign.offenders.Shortcut;
import io.countersign.offenders.approval.Connoisseur;
import io.countersign.offenders.web.KnowAllController;
import jakarta.annotation.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;

/**
 * What classes may lean on, beyond the modules' boundaries. Every rule is shown to refuse an offender in
 * {@link io.countersign.offenders}: a rule that nothing could break is no rule.
 */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.countersign");

    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .importPackagesOf(Shortcut.class, BusyDelegates.class, KnowAllController.class, Connoisseur.class);

    /** What serves every kind of request. */
    private static final String[] FOR_ALL_KINDS = {
        "..approval..",
        "..change..",
        "..cli..",
        "..console.approvals..",
        "..console.audit..",
        "..console.layout..",
        "..console.policies..",
        "..insights..",
        "..notification..",
        "..operations.."
    };

    private static final DescribedPredicate<JavaClass> PAGES_AND_RESOURCES = describe(
            "controllers",
            type -> type.isAnnotatedWith(Controller.class) || type.isMetaAnnotatedWith(Controller.class));

    /** The commands for clusters, which are a client of their resource. */
    private static final Set<String> CLUSTER_COMMANDS =
            Set.of("ClusterCommand.java", "Clusters.java", "Manifest.java", "ProgressCommand.java", "Training.java");

    /** A comment, a character or a string in a source. */
    private static final Pattern TOKEN = Pattern.compile(
            "//[^\\n]*|/\\*.*?\\*/|\"\"\"(?<block>.*?)\"\"\"|\"(?<string>(?:[^\"\\\\]|\\\\.)*)\"|'(?:[^'\\\\]|\\\\.)+'",
            Pattern.DOTALL);

    enum Rule {
        ENGINE_IS_KNOWN_ONLY_WHERE_IT_IS_CONFIGURED_AND_WHERE_PROCESSES_ARE(noClasses()
                .that()
                .resideOutsideOfPackages("io.countersign.engine..", "..process..")
                .and()
                .haveSimpleNameNotEndingWith("Delegates")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.camunda..")),

        DELEGATES_KNOW_OF_THE_ENGINE_ONLY_WHAT_CALLS_THEM(noClasses()
                .that()
                .resideOutsideOfPackage("io.countersign.engine..")
                .and()
                .haveSimpleNameEndingWith("Delegates")
                .should()
                .dependOnClassesThat(resideInAPackage("org.camunda..")
                        .and(resideOutsideOfPackage("org.camunda.bpm.engine.delegate..")))),

        ENGINES_INTERNALS_ARE_KNOWN_TO_THE_ENGINE_MODULE_ALONE(noClasses()
                .that()
                .resideOutsideOfPackage("io.countersign.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.camunda.bpm.engine.impl..")),

        ENGINES_HISTORY_IS_READ_BY_NOTHING(noClasses()
                .should()
                .dependOnClassesThat(assignableTo(HistoryService.class))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.camunda.bpm.engine.history..")
                .orShould(mention("act_hi_"))),

        NOTHING_IS_INJECTED_INTO_FIELDS(noFields()
                .should()
                .beAnnotatedWith(Autowired.class)
                .orShould()
                .beAnnotatedWith(Value.class)
                .orShould()
                .beAnnotatedWith(Resource.class)),

        WEB_CLASSES_ARE_NOBODY_ELSES_BUSINESS(
                noClasses().that().resideInAPackage("..web..").should().bePublic()),

        DECISIONS_ARE_RECORDED_BY_THE_TASK_LISTENER_ONLY(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.countersign.approval.process.DecideStage")
                .should()
                .accessTargetWhere(calls(DecisionRecorder.class, "decide"))),

        STAGES_ARE_COMPLETED_AND_CANCELLED_BY_APPROVALS_ONLY(noClasses()
                .that()
                .resideOutsideOfPackage("io.countersign.approval..")
                .should()
                .dependOnClassesThat(assignableTo(StageTasks.class))),

        TASKS_ARE_COMPLETED_BY_PROCESS_CODE_ONLY(noClasses()
                .that()
                .resideOutsideOfPackage("..process..")
                .should()
                .accessTargetWhere(calls(
                        TaskService.class,
                        "complete",
                        "completeWithVariablesInReturn",
                        "resolveTask",
                        "handleBpmnError",
                        "handleEscalation"))
                .orShould()
                .accessTargetWhere(calls(FormService.class, "submitTaskForm", "submitTaskFormWithVariablesInReturn"))),

        PAGES_AND_RESOURCES_HOLD_NO_SQL(noClasses()
                .that()
                .resideInAnyPackage("..web..", "io.countersign.console..")
                .or(PAGES_AND_RESOURCES)
                .should()
                .dependOnClassesThat(assignableTo(JdbcClient.class).or(assignableTo(JdbcOperations.class)))),

        SQL_IS_RUN_BY_ONE_CLIENT(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.countersign.api.paging.JdbcCursor")
                .should()
                .dependOnClassesThat(
                        assignableTo(JdbcOperations.class).or(assignableTo(NamedParameterJdbcOperations.class)))),

        PAGES_AND_RESOURCES_HOLD_NO_RULES(
                noClasses().that(PAGES_AND_RESOURCES).should().dependOnClassesThat(equivalentTo(ApprovalRules.class))),

        PACKAGES_FORM_NO_CYCLE(slices().matching("io.countersign.(**)").should().beFreeOfCycles()),

        WHAT_SERVES_ALL_KINDS_KNOWS_NONE(noClasses()
                .that()
                .resideInAnyPackage(FOR_ALL_KINDS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.countersign.cluster..", "io.countersign.gateway..", "io.countersign.tenant.."));

        private final ArchRule rule;

        Rule(ArchRule rule) {
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @EnumSource
    void code_keeps_the_rule(Rule rule) {
        rule.rule.check(MAIN);
    }

    @ParameterizedTest
    @EnumSource
    void offender_is_caught(Rule rule) {
        assertThat(rule.rule.evaluate(OFFENDERS).hasViolation()).isTrue();
    }

    @Test
    void rules_apply_to_what_there_is() {
        assertThat(MAIN.stream().filter(PAGES_AND_RESOURCES)).isNotEmpty();
        assertThat(MAIN.get(DecisionRecorder.class).getMethodCallsToSelf())
                .as("calls of the one door")
                .anySatisfy(call -> assertThat(call.getName()).isEqualTo("decide"));
    }

    @Test
    void what_serves_all_kinds_names_none() throws IOException {
        Pattern names = Pattern.compile("\\b(" + String.join("|", kinds()) + ")s?\\b");
        Path root = Path.of("src/main/java/io/countersign");
        for (String part : List.of(
                "approval",
                "change",
                "console/approvals",
                "console/audit",
                "console/layout",
                "console/policies",
                "insights",
                "notification")) {
            assertThat(literals(root.resolve(part)))
                    .as(part)
                    .isNotEmpty()
                    .noneMatch(literal -> names.matcher(literal).find());
        }
        assertThat(literals(root.resolve("cli"), file -> !CLUSTER_COMMANDS.contains(file)))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(kinds());
        assertThat(literals(Path.of("src/test/java/io/countersign/offenders")))
                .anyMatch(literal -> names.matcher(literal).find());
    }

    /** @return the names of all kinds of requests that there are */
    private static List<String> kinds() {
        List<String> kinds = MAIN.stream()
                .filter(type -> type.isAssignableTo(RequestKind.class) && !type.isInterface())
                .map(type -> ((RequestKind) BeanUtils.instantiateClass(type.reflect()))
                        .type()
                        .wireName())
                .toList();
        assertThat(kinds).contains("cluster", "route", "client_attachment", "tenant");
        return kinds;
    }

    private static List<String> literals(Path folder) throws IOException {
        return literals(folder, file -> true);
    }

    /** @return the string literals of the sources below a folder */
    private static List<String> literals(Path folder, Predicate<String> file) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> literals = new ArrayList<>();
            for (Path source : files.filter(path -> path.toString().endsWith(".java")
                            && file.test(path.getFileName().toString()))
                    .toList()) {
                Matcher token = TOKEN.matcher(Files.readString(source));
                while (token.find()) {
                    Stream.of(token.group("block"), token.group("string"))
                            .filter(Objects::nonNull)
                            .forEach(literals::add);
                }
            }
            return literals;
        }
    }

    /** Looks into the class file, where each literal of the code stands. */
    private static ArchCondition<JavaClass> mention(String text) {
        return new ArchCondition<>("mention " + text) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                try (InputStream file =
                        type.getSource().orElseThrow().getUri().toURL().openStream()) {
                    boolean mentions = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .toLowerCase(Locale.ROOT)
                            .contains(text);
                    events.add(new SimpleConditionEvent(type, mentions, type.getName() + " mentions " + text));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... methods) {
        Set<String> names = Set.of(methods);
        return describe(
                "calls " + owner.getSimpleName() + "." + names,
                access -> access.getTargetOwner().isAssignableTo(owner) && names.contains(access.getName()));
    }
}
