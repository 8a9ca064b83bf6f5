package io.countersign.resilience;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * An answer that is buffered until its request has returned its place, so that slow readers block nobody. An answer
 * beyond the limit is sent as it is written, if there is room for it; a resource that must send early calls
 * {@code setBufferSize(0)}.
 */
final class BufferedAnswer extends HttpServletResponseWrapper {

    private final long limit;
    private final BooleanSupplier mayOutgrow;
    private final BooleanSupplier maySendEarly;
    private final FastByteArrayOutputStream held = new FastByteArrayOutputStream();
    private final ServletOutputStream out = new Out();
    private PrintWriter writer;
    private boolean sending;
    private boolean refused;

    /**
     * @param limit the size of the buffer in bytes
     * @param mayOutgrow asked once when the answer exceeds the buffer
     * @param maySendEarly asked when a resource wants to send immediately
     */
    BufferedAnswer(HttpServletResponse response, long limit, BooleanSupplier mayOutgrow, BooleanSupplier maySendEarly) {
        super(response);
        this.limit = limit;
        this.mayOutgrow = mayOutgrow;
        this.maySendEarly = maySendEarly;
    }

    /** @return whether the answer was too long and there was no room for it; nothing was sent */
    synchronized boolean isRefused() {
        return refused;
    }

    /** Sends the buffer; later writes, by another thread, are sent immediately. */
    synchronized void send() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        startSending();
    }

    private void startSending() throws IOException {
        if (!sending) {
            sending = true;
            if (held.size() > 0) {
                held.writeTo(getResponse().getOutputStream());
                held.reset();
            }
        }
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return out;
    }

    @Override
    public synchronized PrintWriter getWriter() throws IOException {
        if (writer == null) {
            writer = new PrintWriter(new OutputStreamWriter(out, getCharacterEncoding()));
        }
        return writer;
    }

    @Override
    public synchronized void setBufferSize(int size) {
        if (size == 0) {
            sending = maySendEarly.getAsBoolean();
        }
    }

    @Override
    public synchronized void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        out.flush();
    }

    @Override
    public synchronized void resetBuffer() {
        super.resetBuffer();
        forget();
    }

    @Override
    public synchronized void reset() {
        super.reset();
        forget();
    }

    @Override
    public synchronized void sendError(int status) throws IOException {
        forget();
        super.sendError(status);
    }

    @Override
    public synchronized void sendError(int status, String message) throws IOException {
        forget();
        super.sendError(status, message);
    }

    @Override
    public synchronized void sendRedirect(String location) throws IOException {
        forget();
        super.sendRedirect(location);
    }

    private void forget() {
        held.reset();
        writer = null;
    }

    private final class Out extends ServletOutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (BufferedAnswer.this) {
                if (!sending && !refused && held.size() + (long) length > limit) {
                    refused = !mayOutgrow.getAsBoolean();
                    if (!refused) {
                        startSending();
                    }
                }
                if (sending) {
                    getResponse().getOutputStream().write(bytes, offset, length);
                } else if (!refused) {
                    held.write(bytes, offset, length);
                }
            }
        }

        @Override
        public void flush() throws IOException {
            synchronized (BufferedAnswer.this) {
                if (sending) {
                    getResponse().getOutputStream().flush();
                }
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("Nothing here writes without blocking");
        }
    }
}
