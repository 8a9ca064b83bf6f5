package bench.stock;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a piece of work in a closed loop: each client begins anew as soon as it is done. */
public final class Rounds {

    private static final long POLL_MILLIS = 100;
    private static final long PATIENT_MILLIS = 1000;

    private static volatile long pollMillis = POLL_MILLIS;

    private Rounds() {}

    /** What a client does over and over. */
    public interface Work {

        /**
         * @param client which client does it, from 0
         * @param number names this piece of work and no other
         */
        void run(int client, String number) throws Exception;
    }

    /**
     * What a round came to.
     *
     * @param done pieces of work
     * @param seconds from the first beginning to the last end
     * @param p50 milliseconds, median
     * @param p99 milliseconds
     */
    public record Result(int done, double seconds, double p50, double p99) {

        /** @return pieces of work for each second */
        public double perSecond() {
            return done / seconds;
        }

        /** @return the result on one line, as {@link #parse} reads it */
        public String line() {
            return String.format(Locale.ROOT, "%d %.3f %.2f %.2f", done, seconds, p50, p99);
        }

        /** @return what {@link #line} wrote */
        public static Result parse(String line) {
            String[] parts = line.trim().split(" ");
            return new Result(
                    Integer.parseInt(parts[0]),
                    Double.parseDouble(parts[1]),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]));
        }
    }

    /** Waits before a client looks again whether an engine job is done. */
    public static void awaitJobs() throws InterruptedException {
        Thread.sleep(pollMillis);
    }

    /**
     * @param clients how many at a time; -1 for one that looks so rarely that this costs nothing
     * @param seconds when nobody begins anew any more
     * @param limit how many pieces of work at most
     */
    public static Result run(int clients, double seconds, int limit, Work work) throws Exception {
        pollMillis = clients < 0 ? PATIENT_MILLIS : POLL_MILLIS;
        AtomicInteger begun = new AtomicInteger();
        String round = Long.toString(System.nanoTime(), 36);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(Math.abs(clients));
        try {
            List<Future<List<Long>>> results = new ArrayList<>();
            for (int i = 0; i < Math.abs(clients); i++) {
                int client = i;
                results.add(threads.submit(() -> {
                    List<Long> times = new ArrayList<>();
                    while (System.nanoTime() < end && begun.incrementAndGet() <= limit) {
                        long before = System.nanoTime();
                        work.run(client, round + "-" + client + "-" + times.size());
                        times.add(System.nanoTime() - before);
                    }
                    return times;
                }));
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> result : results) {
                all.addAll(result.get(10, TimeUnit.MINUTES));
            }
            return result(all, System.nanoTime() - start);
        } finally {
            threads.shutdownNow();
        }
    }

    /** @return the percentiles of these times, in nanoseconds */
    public static Result result(List<Long> nanos, long elapsed) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Result(sorted.length, elapsed / 1e9, millis(sorted, 0.50), millis(sorted, 0.99));
    }

    /** Reads {@code <clients> <seconds> <limit>} line by line and answers each with {@code result <line>}. */
    static void serve(Work work) throws Exception {
        System.out.println("result ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null && !line.isBlank(); line = in.readLine()) {
                double[] order =
                        Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
                System.out.println(
                        "result " + run((int) order[0], order[1], (int) order[2], work).line());
            }
        } catch (IOException e) {
            throw new IllegalStateException("Standard input cannot be read", e);
        }
    }

    private static double millis(long[] sorted, double share) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / 1e6;
    }
}
