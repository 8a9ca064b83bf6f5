package io.countersign.api.http;

import jakarta.servlet.ServletRequest;

/** The body of a request, read completely before the request is processed. */
public final class ReceivedBody {

    private static final String ATTRIBUTE = ReceivedBody.class.getName();

    private ReceivedBody() {}

    /** A stream over the body that also keeps its bytes. */
    public static void keep(ServletRequest request, byte[] body) {
        request.setAttribute(ATTRIBUTE, body);
    }

    /** @return the body's bytes, not to be changed; none if the request has no body */
    public static byte[] of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof byte[] body ? body : new byte[0];
    }
}
