package io.countersign.approval.archive;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Requests that finished long ago: separate from current ones but still readable. */
@Component
public class Archive {

    private static final Logger log = LoggerFactory.getLogger(Archive.class);
    private static final int BATCH = 500;

    private final ApprovalArchive archive;
    private final Memberships memberships;
    private final Clock clock;
    private final Duration age;

    Archive(
            ApprovalArchive archive,
            Memberships memberships,
            Clock clock,
            @Value("${countersign.retention.approvals}") Duration age) {
        this.archive = archive;
        this.memberships = memberships;
        this.clock = clock;
        this.age = age;
    }

    /**
     * @param reader who asks
     * @return the archived requests that the reader may see, newest first
     */
    public Page<ArchivedApproval> list(UserId reader, PageRequest page) {
        List<Membership> own = memberships.of(reader);
        boolean seesAll = own.stream().anyMatch(membership -> membership.scope().equals(Scope.PLATFORM));
        Optional<Collection<Scope>> scopes = seesAll
                ? Optional.empty()
                : Optional.of(own.stream().map(Membership::scope).toList());
        return Page.of(
                archive.list(scopes, reader, page.after(), page.limit() + 1),
                page.limit(),
                approval -> new PageRequest.Key(
                                approval.submittedAt(), approval.id().toString())
                        .toCursor());
    }

    /** Archives requests that are old enough, in many small transactions. */
    @Scheduled(cron = "${countersign.retention.schedule}", zone = "UTC")
    public void archiveOld() {
        int moved = 0;
        int batch;
        do {
            batch = archive.archive(clock.instant().minus(age), BATCH);
            moved += batch;
        } while (batch == BATCH);
        if (moved > 0) {
            log.info(
                    "event=approvals_archived count={} finished_before={}",
                    moved,
                    clock.instant().minus(age));
        }
    }
}
