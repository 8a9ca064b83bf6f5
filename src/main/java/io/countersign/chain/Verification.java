package io.countersign.chain;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * What a check of a chain found.
 *
 * @param checked how many entries are as they were sealed, from the first one on
 * @param newestHash the hash of the last of them
 * @param anchorsMet how many anchors agree
 * @param finding the first thing that is wrong, if anything is
 */
public record Verification(long checked, String newestHash, int anchorsMet, Optional<Finding> finding) {

    /** How far from its place an entry is looked for. */
    private static final int MAX_SHIFT = 1000;

    /** A chain that can be read from its start, more than once. */
    public interface Source {

        /** @return its links in order; the caller closes the stream */
        Stream<Link> open();
    }

    /** @return whether nothing is wrong */
    public boolean intact() {
        return finding.isEmpty();
    }

    /**
     * Verifies a chain from its first entry on, in constant memory, and stops at the first fault.
     *
     * @param source the chain
     * @param anchors hashes known from elsewhere
     * @param progress receives the number of each verified entry
     * @return what was found
     */
    public static Verification of(Source source, Collection<Anchor> anchors, LongConsumer progress) {
        Map<Long, Set<String>> placed = new TreeMap<>();
        Set<String> unplaced = new HashSet<>();
        for (Anchor anchor : anchors) {
            if (anchor.sequence() == 0) {
                unplaced.add(anchor.hash());
            } else {
                placed.computeIfAbsent(anchor.sequence(), key -> new HashSet<>())
                        .add(anchor.hash());
            }
        }
        Map<Long, Set<String>> open = new HashMap<>(placed);
        long expected = 1;
        long lastMet = 0;
        int met = 0;
        String previous = Link.START;
        try (Stream<Link> links = source.open()) {
            for (Iterator<Link> rest = links.iterator(); rest.hasNext(); ) {
                Link link = rest.next();
                if (link.sequence() != expected || !link.previousHash().equals(previous) || !link.isIntact()) {
                    return new Verification(
                            expected - 1, previous, met, Optional.of(explain(link, expected, previous, source)));
                }
                Set<String> noted = open.remove(expected);
                if (noted != null) {
                    if (noted.size() > 1 || !noted.contains(link.hash())) {
                        return new Verification(expected - 1, previous, met, Optional.of(rewritten(lastMet, expected)));
                    }
                    lastMet = expected;
                    met++;
                }
                if (unplaced.remove(link.hash())) {
                    met++;
                }
                previous = link.hash();
                progress.accept(expected);
                expected++;
            }
        }
        long checked = expected - 1;
        Optional<Finding> finding = Optional.empty();
        if (!open.isEmpty()) {
            long newest = open.keySet().stream().max(Long::compare).orElseThrow();
            finding = Optional.of(new Finding(
                    Finding.Kind.TAIL_CUT,
                    expected,
                    "The trail ends with entry " + checked + ", but entry " + newest
                            + " was anchored: the newest entries are gone."));
        } else if (!unplaced.isEmpty()) {
            finding = Optional.of(new Finding(
                    Finding.Kind.TAIL_CUT,
                    expected,
                    "No entry has the anchored hash " + unplaced.iterator().next()
                            + ": the trail was cut before it, or rehashed."));
        }
        return new Verification(checked, previous, met, finding);
    }

    /**
     * Verifies a chain with gaps, such as a filtered export: each entry is as it was sealed at its position, entries
     * are in order, and neighbours match. It cannot tell why an entry is absent.
     *
     * @param source the part
     * @param anchors hashes known from elsewhere; those of absent entries are ignored
     * @return the result; absent entries are not a finding
     */
    public static Verification ofPart(Source source, Collection<Anchor> anchors) {
        long checked = 0;
        int met = 0;
        Link before = new Link(0, null, Link.START, null);
        try (Stream<Link> links = source.open()) {
            for (Iterator<Link> rest = links.iterator(); rest.hasNext(); ) {
                Link link = rest.next();
                boolean follows = link.sequence() > before.sequence()
                        && (link.sequence() > before.sequence() + 1
                                || link.previousHash().equals(before.hash()));
                if (!follows || !link.isIntact()) {
                    Finding changed = new Finding(
                            Finding.Kind.CHANGED,
                            link.sequence(),
                            "Entry " + link.sequence() + " differs from what was sealed there.");
                    return new Verification(checked, before.hash(), met, Optional.of(changed));
                }
                for (Anchor anchor : anchors) {
                    boolean meets = anchor.hash().equals(link.hash());
                    if (anchor.sequence() == link.sequence() && !meets) {
                        return new Verification(
                                checked, before.hash(), met, Optional.of(rewritten(0, link.sequence())));
                    }
                    if (meets) {
                        met++;
                    }
                }
                before = link;
                checked++;
            }
        }
        return new Verification(checked, before.hash(), met, Optional.empty());
    }

    private static Finding rewritten(long lastMet, long sequence) {
        return new Finding(
                Finding.Kind.REWRITTEN,
                lastMet + 1,
                "Entry " + sequence + " differs from its anchor: from entry " + (lastMet + 1)
                        + " on, the trail was changed and rehashed.");
    }

    /** Explains the first link that does not match. May read the source again. */
    private static Finding explain(Link link, long place, String previous, Source source) {
        long sequence = link.sequence();
        if (sequence > place) {
            boolean later = anyOther(source, link, other -> other.sequence() == place);
            return later ? reordered(place) : missing(place, sequence - place);
        }
        if (sequence < place) {
            return inserted(place, "Entry " + sequence + " appears a second time, after entry " + (place - 1) + ".");
        }
        if (link.entry() == null) {
            return missing(place, 1);
        }
        if (link.isIntact()) {
            return new Finding(
                    Finding.Kind.CHANGED,
                    Math.max(1, place - 1),
                    "Entry " + Math.max(1, place - 1)
                            + " was changed and rehashed: the next entry continues a different one.");
        }
        for (int shift = 1; shift <= MAX_SHIFT; shift++) {
            if (link.wasSealedAs(place + shift, link.previousHash())) {
                boolean elsewhere = anyOther(source, link, other -> other.wasSealedAs(place, previous));
                return elsewhere ? reordered(place) : missing(place, shift);
            }
            if (place - shift > 0 && link.wasSealedAs(place - shift, link.previousHash())) {
                return inserted(
                        place - shift,
                        shift == 1
                                ? "It was never sealed there: it shifted the entries after it."
                                : shift + " entries were never sealed there: they shifted the entries after them.");
            }
        }
        if (anyOther(source, link, other -> other.wasSealedAs(place, previous))) {
            return inserted(place, "It was never sealed there: it shifted the entries after it.");
        }
        if (anyOther(source, link, other -> other.hasHash(place, previous, link.hash()))) {
            return reordered(place);
        }
        return new Finding(Finding.Kind.CHANGED, place, "Entry " + place + " differs from what was sealed.");
    }

    private static boolean anyOther(Source source, Link link, java.util.function.Predicate<Link> wanted) {
        try (Stream<Link> links = source.open()) {
            return links.anyMatch(other -> !other.equals(link) && wanted.test(other));
        }
    }

    private static Finding missing(long place, long number) {
        return new Finding(
                Finding.Kind.MISSING,
                place,
                number == 1
                        ? "Entry " + place + " is gone."
                        : "Entries " + place + " to " + (place + number - 1) + " are gone.");
    }

    private static Finding reordered(long place) {
        return new Finding(Finding.Kind.REORDERED, place, "Another entry is in the place of entry " + place + ".");
    }

    private static Finding inserted(long place, String why) {
        return new Finding(Finding.Kind.INSERTED, place, "Entry " + place + " was inserted. " + why);
    }
}
