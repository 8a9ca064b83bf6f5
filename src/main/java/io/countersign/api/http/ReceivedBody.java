package io.countersign.api.http;

import jakarta.servlet.ServletRequest;

/** The body of a request, which is read whole before anything else looks at the request. */
public final class ReceivedBody {

    private static final String ATTRIBUTE = ReceivedBody.class.getName();

    private ReceivedBody() {}

    /** Keeps the body beside the stream that gives it to whoever reads it. */
    public static void keep(ServletRequest request, byte[] body) {
        request.setAttribute(ATTRIBUTE, body);
    }

    /** @return the body's bytes, not to be changed; none if the request has no body */
    public static byte[] of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof byte[] body ? body : new byte[0];
    }
}
