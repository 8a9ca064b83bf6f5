package io.countersign.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.chain.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that can be done to a chain of ten entries, and what is found. */
class VerificationTest {

    private final List<Link> chain = chain(10);

    @Test
    void untouched_chain_is_intact() {
        Verification verification = verify(List.of(anchor(4), anchor(10), new Anchor(0, at(7).hash())));

        assertThat(verification.intact()).isTrue();
        assertThat(verification.checked()).isEqualTo(10);
        assertThat(verification.newestHash()).isEqualTo(at(10).hash());
        assertThat(verification.anchorsMet()).isEqualTo(3);
    }

    @Test
    void empty_chain_is_intact() {
        chain.clear();

        assertThat(verify(List.of()).intact()).isTrue();
    }

    @Test
    void changed_entry_is_named() {
        set(5, at(5).previousHash(), at(5).hash(), entry(55));

        assertFound(Kind.CHANGED, 5);
    }

    @Test
    void changed_hash_is_named() {
        set(5, at(5).previousHash(), "a".repeat(64), at(5).entry());

        assertFound(Kind.CHANGED, 5);
    }

    @Test
    void entry_that_was_changed_and_hashed_anew_is_named() {
        chain.set(4, Link.seal(5, at(5).previousHash(), entry(55)));

        assertFound(Kind.CHANGED, 5);
    }

    @Test
    void missing_entries_are_named() {
        chain.subList(4, 6).clear();

        assertFound(Kind.MISSING, 5);
        assertThat(verify(List.of()).finding().orElseThrow().explanation()).isEqualTo("Entries 5 to 6 are gone.");
    }

    @Test
    void part_of_a_chain_is_intact_in_itself() {
        List<Anchor> anchors = List.of(anchor(4), new Anchor(5, "a".repeat(64)));
        chain.subList(4, 6).clear();
        chain.remove(0);

        Verification part = Verification.ofPart(chain::stream, anchors);

        assertThat(part.intact()).isTrue();
        assertThat(part.checked()).isEqualTo(7);
        assertThat(part.anchorsMet()).isEqualTo(1);
    }

    @Test
    void part_of_a_chain_with_a_changed_a_moved_or_a_rewritten_entry_is_not() {
        chain.remove(0);
        Link fifth = chain.get(3);

        assertThat(Verification.ofPart(chain::stream, List.of(new Anchor(5, "a".repeat(64))))
                        .finding()
                        .orElseThrow()
                        .kind())
                .isEqualTo(Kind.REWRITTEN);
        chain.set(3, Link.seal(5, fifth.previousHash(), entry(55)));
        assertThat(Verification.ofPart(chain::stream, List.of()).intact())
                .as("its neighbour")
                .isFalse();
        chain.set(3, new Link(5, fifth.previousHash(), fifth.hash(), entry(55)));
        assertThat(Verification.ofPart(chain::stream, List.of()).intact())
                .as("changed")
                .isFalse();
        chain.set(3, chain.get(1));
        assertThat(Verification.ofPart(chain::stream, List.of()).intact())
                .as("moved")
                .isFalse();
    }

    @Test
    void place_whose_entry_is_gone_is_named() {
        set(5, at(5).previousHash(), at(5).hash(), null);

        assertFound(Kind.MISSING, 5);
    }

    @Test
    void missing_entry_is_named_though_the_rest_was_numbered_anew() {
        chain.remove(4);
        number();

        assertFound(Kind.MISSING, 5);
    }

    @Test
    void first_entry_is_missed() {
        chain.remove(0);
        number();

        assertFound(Kind.MISSING, 1);
    }

    @Test
    void entries_that_changed_places_are_named() {
        Link fifth = at(5);
        set(5, fifth.previousHash(), fifth.hash(), at(8).entry());
        set(8, at(8).previousHash(), at(8).hash(), fifth.entry());

        assertFound(Kind.REORDERED, 5);
    }

    @Test
    void rows_that_changed_places_are_named() {
        Link fifth = at(5);
        chain.set(4, at(6));
        chain.set(5, fifth);
        number();

        assertFound(Kind.REORDERED, 5);
    }

    @Test
    void lines_in_another_order_are_named() {
        Link fifth = at(5);
        chain.set(4, at(6));
        chain.set(5, fifth);

        assertFound(Kind.REORDERED, 5);
    }

    @Test
    void inserted_entry_is_named() {
        chain.add(4, new Link(5, at(4).hash(), "b".repeat(64), entry(55)));
        number();

        assertFound(Kind.INSERTED, 5);
    }

    @Test
    void inserted_entry_with_a_hash_that_fits_is_named() {
        chain.add(4, Link.seal(5, at(4).hash(), entry(55)));
        number();

        assertFound(Kind.INSERTED, 5);
    }

    @Test
    void repeated_line_is_named() {
        chain.add(5, at(5));

        assertFound(Kind.INSERTED, 6);
    }

    @Test
    void cut_tail_shows_by_an_anchor_only() {
        List<Anchor> anchors = List.of(anchor(4), anchor(10));
        List<Anchor> hashOnly = List.of(new Anchor(0, at(10).hash()));
        chain.subList(7, 10).clear();

        assertThat(verify(List.of()).intact()).isTrue();
        assertThat(verify(anchors).finding()).hasValueSatisfying(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.TAIL_CUT);
            assertThat(finding.sequence()).isEqualTo(8);
        });
        assertThat(verify(hashOnly).finding().map(Finding::kind)).hasValue(Kind.TAIL_CUT);
    }

    @Test
    void chain_that_was_hashed_anew_shows_by_an_anchor_only() {
        List<Anchor> anchors = List.of(anchor(3), anchor(6), anchor(9));
        chain.set(4, Link.seal(5, at(4).hash(), entry(55)));
        for (int i = 6; i <= 10; i++) {
            chain.set(i - 1, Link.seal(i, at(i - 1).hash(), at(i).entry()));
        }

        assertThat(verify(List.of()).intact()).isTrue();
        assertThat(verify(anchors).finding()).hasValueSatisfying(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.REWRITTEN);
            assertThat(finding.sequence()).isEqualTo(4);
        });
    }

    @Test
    void newer_anchor_does_not_heal_an_older_one_that_disagrees() {
        Anchor before = anchor(6);
        chain.set(4, Link.seal(5, at(4).hash(), entry(55)));
        for (int i = 6; i <= 10; i++) {
            chain.set(i - 1, Link.seal(i, at(i - 1).hash(), at(i).entry()));
        }

        assertThat(verify(List.of(before, anchor(10))).finding().map(Finding::kind))
                .hasValue(Kind.REWRITTEN);
    }

    @Test
    void line_of_an_export_is_read_back_as_it_was() {
        Link link = Link.seal(
                1,
                Link.START,
                entry(1).put("text", "line\nbreak \"quoted\" \\ tab\t bell\u0007 ü 😀")
                        .set("details", Canonical.read("{\"b\":1.50,\"a\":[1,{\"z\":null,\"y\":true}],\"c\":1e3}")));

        Link read = Link.parse(link.toLine());

        assertThat(read.toLine()).isEqualTo(link.toLine());
        assertThat(read.isIntact()).isTrue();
        assertThat(link.toLine()).contains("{\"a\":[1,{\"y\":true,\"z\":null}],\"b\":1.50,\"c\":1000}");
    }

    @Test
    void anchors_are_found_wherever_they_were_noted() {
        String hash = "0123456789abcdef".repeat(4);
        Anchor anchor = new Anchor(17, hash);

        assertThat(Anchor.find("2025-06-01T12:00:00Z " + anchor)).hasValue(anchor);
        assertThat(Anchor.find("12:00 INFO [trail] i.c.audit.AnchorLog : event=audit_anchor " + anchor))
                .hasValue(anchor);
        assertThat(Anchor.find("{\"type\":\"audit.anchor\",\"sequence\":17,\"hash\":\"" + hash + "\"}"))
                .hasValue(anchor);
        assertThat(Anchor.find("event=audit action=approve actor=ada")).isEmpty();
        assertThat(Anchor.parse("17:" + hash)).hasValue(anchor);
        assertThat(Anchor.parse(hash)).hasValue(new Anchor(0, hash));
        assertThat(Anchor.parse("anchors.txt")).isEmpty();
    }

    private void assertFound(Kind kind, long sequence) {
        Verification verification = verify(List.of());
        assertThat(verification.finding()).hasValueSatisfying(finding -> {
            assertThat(finding.kind()).as(finding.explanation()).isEqualTo(kind);
            assertThat(finding.sequence()).isEqualTo(sequence);
        });
    }

    private Verification verify(List<Anchor> anchors) {
        return Verification.of(chain::stream, anchors, checked -> {});
    }

    private Link at(int sequence) {
        return chain.get(sequence - 1);
    }

    private Anchor anchor(int sequence) {
        return new Anchor(sequence, at(sequence).hash());
    }

    private void set(int sequence, String previousHash, String hash, ObjectNode entry) {
        chain.set(sequence - 1, new Link(sequence, previousHash, hash, entry));
    }

    /** Numbers the places from 1 and leaves all else. */
    private void number() {
        for (int i = 0; i < chain.size(); i++) {
            Link link = chain.get(i);
            chain.set(i, new Link(i + 1, link.previousHash(), link.hash(), link.entry()));
        }
    }

    private static List<Link> chain(int length) {
        List<Link> links = new ArrayList<>();
        String previous = Link.START;
        for (int i = 1; i <= length; i++) {
            Link link = Link.seal(i, previous, entry(i));
            links.add(link);
            previous = link.hash();
        }
        return links;
    }

    private static ObjectNode entry(int id) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("actor", "ada");
    }
}
