package io.countersign.attack;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the server logs while something happens, at the level that it has outside tests. */
public final class Log {

    /** Something that happens. */
    public interface Happening {
        void happen() throws Exception;
    }

    private Log() {}

    /** @return every line, with the text of its exceptions */
    public static List<String> of(Happening happening) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        try {
            happening.happen();
        } finally {
            root.detachAppender(appender);
            root.setLevel(before);
        }
        return List.copyOf(appender.list).stream().map(Log::line).toList();
    }

    private static String line(ILoggingEvent event) {
        StringBuilder line =
                new StringBuilder(event.getLoggerName()).append(' ').append(event.getFormattedMessage());
        for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
            line.append(" / ").append(cause.getClassName()).append(": ").append(cause.getMessage());
        }
        return line.toString();
    }
}
