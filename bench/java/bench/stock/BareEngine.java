package bench.stock;

import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Drives the stock model by the engine's Java API, in the process of the stock application. Orders come in on standard
 * input, results go out on standard output; see {@link Rounds#serve}.
 */
public final class BareEngine {

    private BareEngine() {}

    /** Starts the engine and runs what standard input says until it ends. */
    public static void main(String[] args) throws Exception {
        ConfigurableApplicationContext context = SpringApplication.run(StockApplication.class, args);
        RuntimeService runtime = context.getBean(RuntimeService.class);
        TaskService tasks = context.getBean(TaskService.class);
        Rounds.serve((client, number) -> approve(runtime, tasks, number));
        context.close();
    }

    private static void approve(RuntimeService runtime, TaskService tasks, String number) throws InterruptedException {
        String name = "route-" + number;
        String instance = runtime.startProcessInstanceByKey("route-change", name, StockRoute.variables(name))
                .getId();
        for (int step = 0; step < 2; step++) {
            complete(tasks, name, StockRoute.decision());
        }
        complete(tasks, name, Map.of());
        do {
            Rounds.awaitJobs();
        } while (Optional.ofNullable(runtime.createProcessInstanceQuery()
                        .processInstanceId(instance)
                        .singleResult())
                .isPresent());
    }

    private static void complete(TaskService tasks, String name, Map<String, Object> variables) {
        String task = task(tasks, name).getId();
        for (int attempt = 1; ; attempt++) {
            try {
                tasks.complete(task, variables);
                return;
            } catch (RuntimeException e) {
                // The job that notifies came in between, which has many faces: the engine leaves it to its caller.
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    private static Task task(TaskService tasks, String name) {
        return tasks.createTaskQuery().processInstanceBusinessKey(name).singleResult();
    }
}
