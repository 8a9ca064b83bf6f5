package io.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PageQueryTest {

    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-000000000001");

    private record Item(Instant time, UUID id) {}

    private static final Keyset<Item> NEWEST_FIRST = Keyset.newestFirst(
            "t.made_at", "t.id", PageRequest.Key::uuid, item -> PageRequest.Key.of(item.time(), item.id()));

    @Test
    void first_page_is_only_ordered_and_limited() {
        PageQuery query = PageQuery.of("select * from things t where t.kind = ?", "box")
                .andIf("t.colour = ?", Optional.empty())
                .andIf("t.size = ?", Optional.of(3))
                .cut(NEWEST_FIRST, Optional.empty(), 20);

        assertThat(query.sql())
                .isEqualTo("select * from things t where t.kind = ? and t.size = ?"
                        + " order by t.made_at desc, t.id desc limit ?");
        assertThat(query.params()).containsExactly("box", 3, 20);
    }

    @Test
    void next_page_begins_after_the_last_item_of_the_page_before() {
        PageRequest next = PageRequest.of(5, NEWEST_FIRST.cursor(new Item(TIME, ID)));

        PageQuery query =
                PageQuery.of("select * from things t where true").cut(NEWEST_FIRST, next.after(), next.limit());

        assertThat(query.sql())
                .isEqualTo("select * from things t where true and (t.made_at, t.id) < (?, ?)"
                        + " order by t.made_at desc, t.id desc limit ?");
        assertThat(query.params()).containsExactly(Timestamp.from(TIME), ID, 5);
    }

    @Test
    void ascending_lists_go_the_other_way() {
        Optional<PageRequest.Key> last = Optional.of(PageRequest.Key.of(TIME, 7));

        assertThat(PageQuery.of("select * from t where true")
                        .cut(Keyset.<Item>oldestFirst("at", "id", PageRequest.Key::number, item -> null), last, 1)
                        .sql())
                .isEqualTo("select * from t where true and (at, id) > (?, ?) order by at, id limit ?");
        assertThat(PageQuery.of("select * from t where true")
                        .cut(Keyset.<Item>numbered("id", item -> null), last, 1)
                        .sql())
                .isEqualTo("select * from t where true and (id) > (?) order by id limit ?");
    }
}
