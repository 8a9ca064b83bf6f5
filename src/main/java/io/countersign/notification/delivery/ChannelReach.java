package io.countersign.notification.delivery;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Reach;
import io.countersign.approval.Stage;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Topic;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Knows from people's channels, and from what was sent to them, who is told what. */
@Component
class ChannelReach implements Reach {

    private final JdbcClient jdbc;

    ChannelReach(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<UserId> reachable(Collection<UserId> people, Scope scope, EntityType type) {
        if (people.isEmpty()) {
            return Set.of();
        }
        // Those who lack their default channel get it when there is something to tell them.
        return jdbc.sql("""
                        select u.id from users u
                        where u.id = any (:people) and u.deactivated_at is null
                          and (exists (
                                   select from notification_channels c
                                   join notification_subscriptions s on s.channel_id = c.id
                                   where c.user_id = u.id and c.scope = :scope and c.enabled
                                     and c.confirmed_at is not null and s.topic = :topic and s.enabled)
                               or u.email_confirmed and u.email is not null
                                  and not exists (
                                      select from notification_defaults d where d.user_id = u.id and d.scope = :scope)
                                  and not exists (
                                      select from notification_channels c
                                      where c.user_id = u.id and c.scope = :scope
                                        and not (c.kind = 'email' and lower(c.target) = lower(u.email) and c.enabled)))""")
                .param("people", people.stream().map(UserId::value).toArray(String[]::new))
                .param("scope", scope.toString())
                .param("topic", Topic.of(type).wireName())
                .query((row, n) -> new UserId(row.getString("id")))
                .set();
    }

    @Override
    public Set<UserId> asked(Approval approval, Stage stage) {
        return told(approval, stage, "(status = 'sent' or status = 'queued' and process_instance_id is null)");
    }

    @Override
    public Set<UserId> told(Approval approval, Stage stage) {
        return told(approval, stage, "status = 'sent'");
    }

    private Set<UserId> told(Approval approval, Stage stage, String condition) {
        return jdbc.sql("""
                        select distinct user_id from notification_deliveries
                        where approval_id = ? and purpose = 'decision' and stage_order = ? and\s""" + condition)
                .params(approval.id().value(), stage.order())
                .query((row, n) -> new UserId(row.getString("user_id")))
                .set();
    }
}
