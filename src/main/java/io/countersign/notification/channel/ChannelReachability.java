package io.countersign.notification.channel;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.waiting.Reachability;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Knows from people's channels, and from what was sent to them, who is told what. */
@Component
class ChannelReachability implements Reachability {

    private final JdbcClient jdbc;
    private final RequestKinds kinds;

    ChannelReachability(JdbcClient jdbc, RequestKinds kinds) {
        this.jdbc = jdbc;
        this.kinds = kinds;
    }

    @Override
    public Set<UserId> reachable(Collection<UserId> people, Scope scope, EntityType type) {
        if (people.isEmpty()) {
            return Set.of();
        }
        // An address is confirmed by a mail that arrived; any other channel works if anything ever arrived there, and
        // gets the benefit of the doubt until something is given up.
        // Those who lack their default channel get it when there is something to tell them.
        return jdbc.sql("""
                        select u.id from users u
                        where u.id = any (:people) and u.deactivated_at is null
                          and (exists (
                                   select from notification_channels c
                                   join notification_subscriptions s on s.channel_id = c.id
                                   where c.user_id = u.id and c.scope = :scope and c.enabled
                                     and c.confirmed_at is not null and s.topic = :topic and s.enabled
                                     and not (c.kind <> 'email'
                                         and exists (
                                             select from notification_deliveries d
                                             join act_ru_job j on j.process_instance_id_ = d.process_instance_id
                                             where d.channel_id = c.id and d.status = 'queued' and j.retries_ = 0)
                                         and not exists (
                                             select from notification_deliveries d
                                             where d.channel_id = c.id and d.status = 'sent')))
                               or u.email_confirmed and u.email is not null
                                  and not exists (
                                      select from notification_defaults d where d.user_id = u.id and d.scope = :scope)
                                  and not exists (
                                      select from notification_channels c
                                      where c.user_id = u.id and c.scope = :scope
                                        and not (c.kind = 'email' and lower(c.target) = lower(u.email) and c.enabled)))""")
                .param("people", people.stream().map(UserId::value).toArray(String[]::new))
                .param("scope", scope.toString())
                .param("topic", kinds.of(type).topic().wireName())
                .query((row, n) -> new UserId(row.getString("id")))
                .set();
    }

    @Override
    public Set<UserId> told(Approval approval, Stage stage) {
        return jdbc.sql("""
                        select distinct user_id from notification_deliveries
                        where approval_id = ? and purpose = 'decision' and stage_order = ?
                          and status = 'sent'""")
                .params(approval.id().value(), stage.order())
                .query((row, n) -> new UserId(row.getString("user_id")))
                .set();
    }
}
