package io.countersign.api.paging;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads of results that do not fit into memory. */
public final class JdbcCursor {

    private static final int ROWS = 1000;

    private JdbcCursor() {}

    /**
     * @param database the database
     * @return a client that fetches a thousand rows at a time, within a transaction
     */
    public static JdbcClient client(DataSource database) {
        JdbcTemplate template = new JdbcTemplate(database);
        template.setFetchSize(ROWS);
        return JdbcClient.create(template);
    }
}
