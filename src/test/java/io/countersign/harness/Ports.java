package io.countersign.harness;

import java.io.IOException;
import java.net.ServerSocket;

/** Ports that stay the same when what listens there goes away and comes back. */
final class Ports {

    private Ports() {}

    static int free() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No free port", e);
        }
    }
}
