package io.countersign.approval.discussion;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The discussion of requests, separate from their decisions. */
@Component
@Transactional
public class Discussion {

    private static final int MAX_LENGTH = 2000;
    private static final Keyset<Numbered> OLDEST_FIRST =
            Keyset.numbered("id", row -> PageRequest.Key.of(row.comment().writtenAt(), row.number()));

    private final Approvals approvals;
    private final JdbcClient jdbc;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Discussion(Approvals approvals, JdbcClient jdbc, AuditTrail audit, ApplicationEventPublisher events, Clock clock) {
        this.approvals = approvals;
        this.jdbc = jdbc;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /**
     * A comment on a request.
     *
     * @param author who wrote it
     * @param writtenAt when
     * @param text the comment
     */
    public record Comment(UserId author, Instant writtenAt, String text) {}

    private record Numbered(long number, Comment comment) {}

    /** @return the discussion, oldest first, for someone who may see the approval */
    @Transactional(readOnly = true)
    public Page<Comment> comments(UserId reader, ApprovalId id, PageRequest page) {
        approvals.getVisible(reader, id);
        return PageQuery.of(
                        "select id, author, written_at, text from approval_comments where approval_id = ?", id.value())
                .page(
                        jdbc,
                        (row, n) -> new Numbered(
                                row.getLong("id"),
                                new Comment(
                                        new UserId(row.getString("author")),
                                        row.getTimestamp("written_at").toInstant(),
                                        row.getString("text"))),
                        OLDEST_FIRST,
                        page)
                .map(Numbered::comment);
    }

    /** @return everyone who took part in the discussion */
    @Transactional(readOnly = true)
    public List<UserId> authors(ApprovalId id) {
        return jdbc.sql("select distinct author from approval_comments where approval_id = ? order by author")
                .param(id.value())
                .query((row, n) -> new UserId(row.getString("author")))
                .list();
    }

    /**
     * Adds a comment.
     *
     * @param text 1 to 2000 characters
     * @return the comment
     * @throws InvalidInput if the text is blank or too long
     * @throws NotFound if there is no such approval that the author may see
     */
    public Comment add(UserId author, ApprovalId id, String text) {
        Approval approval = approvals.getVisible(author, id);
        if (text == null || text.isBlank() || text.length() > MAX_LENGTH) {
            throw new InvalidInput("text", "must have 1 to " + MAX_LENGTH + " characters");
        }
        Comment comment = new Comment(author, clock.instant(), text.strip());
        long number = jdbc.sql("""
                        insert into approval_comments (approval_id, author, written_at, text) values (?, ?, ?, ?)
                        returning id""")
                .params(id.value(), author.value(), Timestamp.from(comment.writtenAt()), comment.text())
                .query(Long.class)
                .single();
        audit.record(
                AuditAction.COMMENT, approval.auditSubject(), Map.of("approval_id", id, "comment", comment.text()));
        events.publishEvent(new ApprovalEvent.CommentAdded(id, number, author, comment.text()));
        return comment;
    }
}
