package bench;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server that takes every mail and keeps none. */
final class Mails implements AutoCloseable {

    private final SMTPServer server;
    private final AtomicInteger taken;

    private Mails(SMTPServer server, AtomicInteger taken) {
        this.server = server;
        this.taken = taken;
    }

    static Mails start() {
        AtomicInteger taken = new AtomicInteger();
        SMTPServer server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .hideTLS()
                .messageHandler((context, from, to, message) -> {
                    taken.incrementAndGet();
                })
                .build();
        server.start();
        return new Mails(server, taken);
    }

    int port() {
        return server.getPortAllocated();
    }

    /** @return how many mails it took */
    int taken() {
        return taken.get();
    }

    @Override
    public void close() {
        server.stop();
    }
}
