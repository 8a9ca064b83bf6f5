package io.countersign.resilience;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.http.Networks;
import io.countersign.api.http.ReceivedBody;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Problems;
import jakarta.servlet.ServletException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/**
 * Reads the whole body of a request before the request is processed, and limits the open requests per address: a slow
 * sender occupies only a thread, and never all of them. Too large a body is answered with 413, too slow a one with 408,
 * for every resource.
 *
 * <p>A part of Tomcat and not a filter, because Tomcat reads forms itself.
 */
class RequestBodyReader extends ValveBase {

    /** How much of a body that is too large is read, in limits: who still sends does not hear the answer. */
    private static final int READ_TO_ANSWER = 3;

    private static final Duration GRACE = Duration.ofMillis(500);

    private final ResilienceProperties properties;
    private final int limit;
    private final Unavailable unavailable;
    private final ObjectMapper json;
    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> awaited = new ConcurrentHashMap<>();

    RequestBodyReader(ResilienceProperties properties, DataSize limit, Unavailable unavailable, ObjectMapper json) {
        super(true);
        this.properties = properties;
        this.limit = Math.toIntExact(limit.toBytes());
        this.unavailable = unavailable;
        this.json = json;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String address = Networks.customerOf(request.getRemoteAddr());
        try {
            if (open.merge(address, 1, Integer::sum) <= properties.maxOpenRequestsPerAddress()) {
                readAndPassOn(request, response, address);
            } else {
                refuse(request, response);
            }
        } finally {
            leave(open, address);
        }
    }

    private void readAndPassOn(Request request, Response response, String address)
            throws IOException, ServletException {
        org.apache.coyote.Request connection = request.getCoyoteRequest();
        // What Tomcat has refused already only passes by for its answer.
        boolean hasBody = !response.isError()
                && (request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null);
        if (!hasBody) {
            getNext().invoke(request, response);
            return;
        }
        Body body = new Body();
        switch (read(connection, body, address)) {
            case TOO_MANY -> refuse(request, response);
            case TOO_LARGE ->
                refuse(
                        request,
                        response,
                        HttpStatus.PAYLOAD_TOO_LARGE,
                        ErrorCode.BODY_TOO_LARGE,
                        "The body must have at most " + limit + " bytes.");
            case LATE ->
                refuse(
                        request,
                        response,
                        HttpStatus.REQUEST_TIMEOUT,
                        ErrorCode.BODY_TOO_SLOW,
                        "The body must arrive within "
                                + properties.bodyDeadline().toSeconds() + " seconds.");
            case COMPLETE -> {
                InputBuffer fromTheWire = connection.getInputBuffer();
                byte[] whole = body.bytes.toByteArray();
                ReceivedBody.keep(request, whole);
                connection.setInputBuffer(new Received(ByteBuffer.wrap(whole)));
                try {
                    getNext().invoke(request, response);
                } finally {
                    connection.setInputBuffer(fromTheWire);
                }
            }
        }
    }

    private enum Outcome {
        COMPLETE,
        TOO_LARGE,
        TOO_MANY,
        LATE
    }

    /** Half of an address's requests may wait for bodies, so that the other half can be answered. */
    private Outcome read(org.apache.coyote.Request connection, Body body, String address) throws IOException {
        try {
            boolean mayWait = awaited.merge(address, 1, Integer::sum) <= properties.maxOpenRequestsPerAddress() / 2;
            return mayWait || arrives(connection) ? read(connection, body) : Outcome.TOO_MANY;
        } finally {
            leave(awaited, address);
        }
    }

    /** @return whether the body is here, or comes right behind its headers, as from any program that does not dawdle */
    private static boolean arrives(org.apache.coyote.Request connection) {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (System.nanoTime() < deadline) {
            connection.action(ActionCode.AVAILABLE, Boolean.TRUE);
            if (connection.getContentLengthLong() >= 0
                    && connection.getAvailable() >= connection.getContentLengthLong()) {
                return true;
            }
            LockSupport.parkNanos(GRACE.toNanos() / 20);
        }
        return false;
    }

    private Outcome read(org.apache.coyote.Request connection, Body body) throws IOException {
        if (connection.getContentLengthLong() > (long) READ_TO_ANSWER * limit) {
            return Outcome.TOO_LARGE;
        }
        long deadline = System.nanoTime() + properties.bodyDeadline().toNanos();
        try {
            while (connection.doRead(body) >= 0) {
                body.keep(limit);
                if (body.size > (long) READ_TO_ANSWER * limit) {
                    return Outcome.TOO_LARGE;
                }
                if (System.nanoTime() > deadline) {
                    return Outcome.LATE;
                }
            }
        } catch (SocketTimeoutException e) {
            return Outcome.LATE;
        }
        return body.size > limit ? Outcome.TOO_LARGE : Outcome.COMPLETE;
    }

    private void refuse(Request request, Response response) throws IOException {
        unavailable.tooMuch(request, response);
        hangUp(request, response);
    }

    private static void leave(Map<String, Integer> counts, String address) {
        counts.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
    }

    private void refuse(Request request, Response response, HttpStatus status, ErrorCode code, String explanation)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(Problems.detail(status, code, explanation)));
        hangUp(request, response);
    }

    /** Tomcat would wait for the rest of the body to use the connection again. */
    private static void hangUp(Request request, Response response) throws IOException {
        response.flushBuffer();
        request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }

    /** Takes what Tomcat reads, a piece at a time. */
    private static final class Body implements ApplicationBufferHandler {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private ByteBuffer piece = EMPTY_BUFFER;
        private long size;

        private void keep(int limit) {
            byte[] part = new byte[piece.remaining()];
            piece.get(part);
            size += part.length;
            if (size <= limit) {
                bytes.writeBytes(part);
            }
        }

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            piece = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return piece;
        }

        @Override
        public void expand(int size) {
            // Pieces come in buffers of their own.
        }
    }

    /** Gives Tomcat what was read before. */
    private record Received(ByteBuffer bytes) implements InputBuffer {

        @Override
        public int doRead(ApplicationBufferHandler handler) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int length = bytes.remaining();
            handler.setByteBuffer(bytes.slice());
            bytes.position(bytes.limit());
            return length;
        }

        @Override
        public int available() {
            return bytes.remaining();
        }
    }
}
