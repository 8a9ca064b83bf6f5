package io.countersign.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countersign.ServerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopbackTest extends ServerTest {

    @Test
    void embedded_server_is_reached_from_this_machine_alone() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        assumeTrue(!others.isEmpty(), "a network");
        int port = URI.create(server()).getPort();

        anonymous().get("/login").expect(200);
        for (InetAddress other : others) {
            assertThatThrownBy(() -> {
                        try (Socket socket = new Socket()) {
                            socket.connect(new InetSocketAddress(other, port), 2_000);
                        }
                    })
                    .as(other.toString())
                    .isInstanceOf(IOException.class);
        }
    }
}
