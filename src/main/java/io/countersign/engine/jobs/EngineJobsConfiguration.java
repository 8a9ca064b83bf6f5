package io.countersign.engine.jobs;

import io.countersign.resilience.Nodes;
import java.util.Optional;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.camunda.bpm.spring.boot.starter.property.JobExecutionProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** How jobs run and how they stop: the starter's own executor interrupts running jobs. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(prefix = "camunda.bpm.job-execution", name = "enabled", matchIfMissing = true)
class EngineJobsConfiguration {

    private static final int FINISHING_SECONDS = 25;

    /** Replaces the starter's bean by using its name. */
    @Bean
    ThreadPoolTaskExecutor camundaTaskExecutor(CamundaBpmProperties properties) {
        JobExecutionProperty jobs = properties.getJobExecution();
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(jobs.getCorePoolSize());
        executor.setMaxPoolSize(jobs.getMaxPoolSize());
        executor.setQueueCapacity(jobs.getQueueCapacity());
        Optional.ofNullable(jobs.getKeepAliveSeconds()).ifPresent(executor::setKeepAliveSeconds);
        executor.setThreadNamePrefix("job-");
        executor.setWaitForTasksToCompleteOnShutdown(true);
        executor.setAwaitTerminationSeconds(FINISHING_SECONDS);
        return executor;
    }

    @Bean
    EngineJobs engineJobs(JdbcClient jdbc, JobExecutor executor, Nodes nodes) {
        return new EngineJobs(jdbc, executor, nodes);
    }

    /** No new job starts once the server is told to stop. */
    @Bean
    SmartLifecycle jobsBegin(JobExecutor executor) {
        return new LastStep(SmartLifecycle.DEFAULT_PHASE, executor::shutdown);
    }

    /** Running jobs finish after no request can start anything any more. */
    @Bean
    SmartLifecycle jobsEnd(ThreadPoolTaskExecutor camundaTaskExecutor) {
        return new LastStep(
                WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE - 4096, camundaTaskExecutor::shutdown);
    }

    /** An action on server shutdown. */
    private static final class LastStep implements SmartLifecycle {

        private final int phase;
        private final Runnable step;
        private volatile boolean running;

        LastStep(int phase, Runnable step) {
            this.phase = phase;
            this.step = step;
        }

        @Override
        public int getPhase() {
            return phase;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            step.run();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
