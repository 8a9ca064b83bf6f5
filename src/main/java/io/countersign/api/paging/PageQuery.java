package io.countersign.api.paging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statement of a list: what it selects, what narrows it, in which order, and which page. */
public final class PageQuery {

    private final StringBuilder sql;
    private final List<Object> params;

    private PageQuery(String select, Object... params) {
        this.sql = new StringBuilder(select);
        this.params = new ArrayList<>(List.of(params));
    }

    /**
     * @param select a statement up to the first condition of its {@code where}
     * @param params its parameters
     * @return a query to narrow and to run
     */
    public static PageQuery of(String select, Object... params) {
        return new PageQuery(select, params);
    }

    /**
     * Adds a condition.
     *
     * @param condition SQL
     * @param values its parameters
     * @return this query
     */
    public PageQuery and(String condition, Object... values) {
        sql.append(" and ").append(condition);
        params.addAll(List.of(values));
        return this;
    }

    /**
     * Adds a condition if there is a value for it.
     *
     * @param condition SQL with one parameter
     * @param value the parameter; without one the list is not narrowed
     * @return this query
     */
    public PageQuery andIf(String condition, Optional<?> value) {
        value.ifPresent(wanted -> and(condition, wanted));
        return this;
    }

    /**
     * Adds the parameters of queries whose statements are part of this one.
     *
     * @param parts the queries, in the order of their statements
     * @return this query
     */
    public PageQuery with(PageQuery... parts) {
        for (PageQuery part : parts) {
            params.addAll(part.params);
        }
        return this;
    }

    /**
     * Puts the rows in order and cuts them off. Nothing can be added after that.
     *
     * @param keyset the order
     * @param after the last row of the page before, if any
     * @param limit at most this many
     * @return this query
     */
    public PageQuery cut(Keyset<?> keyset, Optional<PageRequest.Key> after, int limit) {
        after.ifPresent(last -> and(keyset.after(), keyset.values(last).toArray()));
        return cut(keyset.order(), limit);
    }

    private PageQuery cut(String order, int limit) {
        sql.append(" order by ").append(order).append(" limit ?");
        params.add(limit);
        return this;
    }

    /**
     * Reads a page of a list in the order of a keyset.
     *
     * @param jdbc the database
     * @param mapper maps a row to an item
     * @param keyset the order
     * @param request which page
     * @return the page
     */
    public <T> Page<T> page(JdbcClient jdbc, RowMapper<T> mapper, Keyset<T> keyset, PageRequest request) {
        List<T> rows = cut(keyset, request.after(), request.limit() + 1).list(jdbc, mapper);
        return Page.of(rows, request.limit(), keyset::cursor);
    }

    /**
     * Reads a page of a list in the order of names.
     *
     * @param jdbc the database
     * @param mapper maps a row to an item
     * @param column the column of the name
     * @param name the name of an item
     * @param request which page
     * @return the page
     */
    public <T> Page<T> page(
            JdbcClient jdbc, RowMapper<T> mapper, String column, Function<T, String> name, SearchRequest request) {
        List<T> rows = andIf(column + " > ?", request.after())
                .cut(column, request.limit() + 1)
                .list(jdbc, mapper);
        return Page.of(rows, request.limit(), item -> SearchRequest.cursor(name.apply(item)));
    }

    /**
     * Reads every row.
     *
     * @param jdbc the database
     * @param mapper maps a row to an item
     * @return the items in their order
     */
    public <T> List<T> list(JdbcClient jdbc, RowMapper<T> mapper) {
        return jdbc.sql(sql()).params(params()).query(mapper).list();
    }

    /** @return the statement, for use in another one */
    public String sql() {
        return sql.toString();
    }

    /** @return the parameters of the statement */
    public List<Object> params() {
        return List.copyOf(params);
    }
}
