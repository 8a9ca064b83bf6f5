package bench;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** Waits until no job and no mail is due any more, so that nobody leaves work to the next round. */
final class Drain {

    private static final String DUE =
            "select count(*) from act_ru_job where retries_ > 0 and (duedate_ is null or duedate_ <= now())";

    private static final String OUTBOX = "select count(*) from pg_tables where tablename = 'notification_deliveries'";
    private static final String QUEUED = """
            select count(*) from notification_deliveries
            where status = 'queued' and process_instance_id is null and (due_at is null or due_at <= now())""";

    private Drain() {}

    /** @return how long it took, in seconds */
    static double await(Database database, String name) throws SQLException, InterruptedException {
        long before = System.nanoTime();
        boolean outbox = database.number(name, OUTBOX) > 0;
        while (database.number(name, DUE) > 0 || outbox && database.number(name, QUEUED) > 0) {
            if (System.nanoTime() - before > TimeUnit.MINUTES.toNanos(2)) {
                throw new IllegalStateException("Jobs of " + name + " are not done");
            }
            Thread.sleep(20);
        }
        return (System.nanoTime() - before) / 1e9;
    }
}
