package io.countersign.harness;

import io.countersign.harness.MailServer.Mail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What there is to compare.
 *
 * @param ledger what clients were told
 * @param database what is recorded
 * @param mails what arrived
 * @param kubernetes what is at the target
 * @param caller asks the nodes
 */
record Evidence(Ledger ledger, JdbcClient database, List<Mail> mails, KubernetesApi kubernetes, Caller caller) {

    int number(String sql) {
        return database.sql(sql).query(Integer.class).single();
    }

    /** @return the rows of a query with two columns, the second by the first */
    Map<String, String> pairs(String sql) {
        return database.sql(sql).query((row, n) -> Map.entry(row.getString(1), row.getString(2))).list().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** @return the rows of a query with two columns, all of the second in their order by the first */
    Map<String, List<String>> lists(String sql) {
        return database.sql(sql).query((row, n) -> Map.entry(row.getString(1), row.getString(2))).list().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toCollection(ArrayList::new))));
    }

    /** @return copies of mails by the delivery or notice that their Message-ID names */
    Map<String, List<Mail>> mailsByDelivery() {
        return mails.stream()
                .collect(Collectors.groupingBy(
                        mail -> mail.id().substring(1, mail.id().indexOf('@'))));
    }
}
