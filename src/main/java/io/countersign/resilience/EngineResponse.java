package io.countersign.resilience;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/**
 * The response of a third-party API that reports an outage as an error 500. Such an answer is withheld so that a better
 * one can be sent.
 */
final class EngineResponse extends HttpServletResponseWrapper {

    private final Nodes nodes;
    private boolean outage;

    EngineResponse(HttpServletResponse response, Nodes nodes) {
        super(response);
        this.nodes = nodes;
    }

    /** @return whether there was an answer that an outage is to blame for, and nothing was sent */
    boolean hidesOutage() {
        return outage;
    }

    @Override
    public void setStatus(int status) {
        if (!withholds(status)) {
            super.setStatus(status);
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (!withholds(status)) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (!withholds(status)) {
            super.sendError(status, message);
        }
    }

    @Override
    public void flushBuffer() throws IOException {
        if (!outage) {
            super.flushBuffer();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream out = super.getOutputStream();
        return new ServletOutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (!outage) {
                    out.write(b);
                }
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!outage) {
                    out.write(bytes, offset, length);
                }
            }

            @Override
            public void flush() throws IOException {
                if (!outage) {
                    out.flush();
                }
            }

            @Override
            public void close() throws IOException {
                if (!outage) {
                    out.close();
                }
            }

            @Override
            public boolean isReady() {
                return out.isReady();
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                out.setWriteListener(listener);
            }
        };
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        return outage ? new PrintWriter(OutputStream.nullOutputStream()) : super.getWriter();
    }

    private boolean withholds(int status) {
        if (status >= SC_INTERNAL_SERVER_ERROR && !isCommitted()) {
            outage = nodes.databaseIsOrWasJustAway();
        }
        return outage;
    }
}
