package bench;

import bench.stock.Rounds.Result;
import bench.stock.Rounds;

/**
 * One of those that are compared in rounds that take turns.
 *
 * @param machine what all run on
 * @param database the name of its database
 * @param door how an approval is driven there
 */
record Side(Machine machine, String database, Door door) {

    /** Drives approvals until a time is over or so many are done. */
    interface Door {

        Result run(int clients, double seconds, int limit) throws Exception;
    }

    /**
     * What was seen in a turn.
     *
     * @param result what the clients saw
     * @param drained seconds that the rest took: all due jobs, all mails
     * @param postgresqlMillis how much processor time PostgreSQL used for all of it
     */
    record Turn(Result result, double drained, long postgresqlMillis) {

        /** @return approvals a second, until everything was done that they left to do */
        double perSecond() {
            return result.done() / (result.seconds() + drained);
        }
    }

    /** A side that is driven over HTTP. */
    static Side of(Machine machine, String database, Rounds.Work work) {
        return new Side(
                machine, database, (clients, seconds, limit) -> Rounds.run(clients, seconds, limit, work));
    }

    /**
     * Runs until the code that runs all the time is compiled. One client follows many, as the compiler hardly gets its
     * turn while these fill the processors.
     */
    void warmUp() throws Exception {
        door.run(machine.countOnly() ? 4 : 16, 1200, machine.countOnly() ? 20 : machine.quick() ? 400 : 2000);
        if (!machine.countOnly()) {
            door.run(1, machine.quick() ? 10 : 60, Integer.MAX_VALUE);
        }
        Drain.await(machine.database(), database);
        machine.database().vacuum(database);
    }

    /** Runs a round and whatever it leaves to do, then vacuums, which would else fall into another side's round. */
    Turn turn(int clients, double seconds) throws Exception {
        long before = machine.database().processorMillis();
        Result result = door.run(clients, seconds, Integer.MAX_VALUE);
        double drained = Drain.await(machine.database(), database);
        Turn turn = new Turn(result, drained, machine.database().processorMillis() - before);
        machine.database().vacuum(database);
        return turn;
    }
}
