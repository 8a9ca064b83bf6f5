package io.countersign.target;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Compares objects with the target while a person waits: concurrently, and within
 * {@code countersign.target.preview.timeout}. Only a few callers may wait at the same time, so that a hanging target
 * does not block other requests; the rest are answered immediately.
 */
@Component
public class Comparisons {

    private static final Logger log = LoggerFactory.getLogger(Comparisons.class);

    /** More than the objects of one preview, each of which is asked for by a thread of its own. */
    private static final int THREADS_EACH = 6;

    /**
     * Of the timeout, a caller waits this part for others to end: long enough where the target answers, and too short
     * to keep a place from anybody where it does not.
     */
    private static final int QUEUE = 20;

    private static final String TOO_MANY = "Others are comparing at this moment. Ask again shortly.";

    private final Target target;
    private final Duration timeout;
    private final Bulkhead callers;
    private final ThreadPoolExecutor threads;

    Comparisons(Target target, TargetProperties properties) {
        this.target = target;
        this.timeout = properties.preview().timeout();
        int concurrent = properties.preview().concurrent();
        this.callers = Bulkhead.of(
                "previews",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(concurrent)
                        .maxWaitDuration(timeout.dividedBy(QUEUE))
                        .build());
        this.threads = new ThreadPoolExecutor(
                concurrent * THREADS_EACH,
                concurrent * THREADS_EACH,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new CustomizableThreadFactory("preview-"));
        threads.allowCoreThreadTimeOut(true);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /**
     * What is to be compared.
     *
     * @param object which object
     * @param wanted as it would be applied; empty if it would not be
     * @param ask asks the target
     */
    public record Question(ObjectRef object, Optional<HasMetadata> wanted, Function<Target, Comparison> ask) {

        /**
         * @param adopt whether an object of that name with another owner would be taken over
         * @return the question what applying an object would change
         */
        public static Question apply(HasMetadata object, boolean adopt) {
            return new Question(ObjectRef.of(object), Optional.of(object), target -> target.compare(object, adopt));
        }

        /** @return the question what removing an object would take away */
        public static Question remove(ObjectRef object) {
            return new Question(object, Optional.empty(), target -> target.compareRemoval(object));
        }

        /**
         * @param adopt whether an object of that name with another owner would be taken over
         * @return the question whether an object of that name would be refused
         */
        public static Question claim(ObjectRef object, boolean adopt) {
            return new Question(object, Optional.empty(), target -> target.compareClaim(object, adopt));
        }

        /** @return the question whether a namespace made outside Countersign can be written to */
        public static Question namespace(ObjectRef namespace) {
            return new Question(namespace, Optional.empty(), target -> target.compareNamespace(namespace));
        }

        /**
         * Asks the target, before the first write, whether it would take it.
         *
         * @throws RuntimeException with the reason, for a person, if it would not, or does not say
         */
        public void require(Target target) {
            Comparison answer = ask.apply(target);
            answer.refused().map(Refusal::reason).or(answer::unknown).ifPresent(reason -> {
                throw new TargetFailure(reason);
            });
        }

        private Comparison unanswered(String why) {
            return new Comparison(object, Optional.empty(), wanted.map(Serialization::asYaml), Optional.of(why));
        }
    }

    /** @return an answer to each question in its place; says why where the target gave none in time */
    public List<Comparison> of(List<Question> questions) {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (!callers.tryAcquirePermission()) {
            return questions.stream()
                    .map(question -> question.unanswered(TOO_MANY))
                    .toList();
        }
        try {
            return ask(questions, deadline);
        } finally {
            callers.onComplete();
        }
    }

    /**
     * What the target answers about requested names.
     *
     * @param refusal why it would refuse one now; empty if it would not, or does not say so in time
     * @param nobodyElses whether none of the names has another owner
     */
    public record Claim(Optional<Refusal> refusal, boolean nobodyElses) {}

    /** @return what the target says now of the names that are asked for */
    public Claim claim(List<Question> questions) {
        List<Comparison> answers = of(questions);
        return new Claim(
                answers.stream().flatMap(answer -> answer.refused().stream()).findFirst(),
                answers.stream()
                        .allMatch(answer -> answer.unknown().isEmpty()
                                && answer.refused().isEmpty()
                                && answer.takenFrom().isEmpty()));
    }

    private List<Comparison> ask(List<Question> questions, long deadline) {
        List<Callable<Comparison>> calls = questions.stream()
                .<Callable<Comparison>>map(question -> () -> question.ask().apply(target))
                .toList();
        List<Comparison> answers = new ArrayList<>();
        try {
            List<Future<Comparison>> futures =
                    threads.invokeAll(calls, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            for (int i = 0; i < questions.size(); i++) {
                answers.add(answer(questions.get(i), futures.get(i)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return questions.stream()
                    .map(question -> question.unanswered(TargetFailure.NO_ANSWER))
                    .toList();
        }
        return answers;
    }

    private static Comparison answer(Question question, Future<Comparison> future) throws InterruptedException {
        try {
            return future.get();
        } catch (CancellationException e) {
            return question.unanswered(TargetFailure.NO_ANSWER);
        } catch (ExecutionException e) {
            log.warn("event=comparison_failed object={}", question.object(), e);
            return question.unanswered("It cannot be compared. The log says why.");
        }
    }
}
