package io.countersign.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One entry in the chain.
 *
 * @param sequence its place, from 1
 * @param previousHash the hash of the entry before it, {@link #START} for the first
 * @param hash the SHA-256 over the canonical JSON of the entry, its place and the previous hash
 * @param entry what was recorded; null if nothing is there any more
 */
public record Link(long sequence, String previousHash, String hash, ObjectNode entry) {

    /** What the first entry has for a previous hash. */
    public static final String START = "0".repeat(64);

    private static final String SEQUENCE = "sequence";
    private static final String PREVIOUS_HASH = "previous_hash";
    private static final String HASH = "hash";

    /**
     * Appends an entry to a chain.
     *
     * @param sequence its place
     * @param previousHash the hash of the entry before it
     * @param entry what was recorded
     * @return the entry, sealed
     */
    public static Link seal(long sequence, String previousHash, ObjectNode entry) {
        return new Link(sequence, previousHash, hash(sequence, previousHash, entry), entry);
    }

    /**
     * @param line a line of an exported trail
     * @return its link
     * @throws IllegalArgumentException if it is not such a line
     */
    public static Link parse(String line) {
        JsonNode read = Canonical.read(line);
        if (!(read instanceof ObjectNode entry)
                || !entry.path(SEQUENCE).canConvertToLong()
                || !entry.path(PREVIOUS_HASH).isTextual()
                || !entry.path(HASH).isTextual()) {
            throw new IllegalArgumentException("Not a line of an exported trail");
        }
        long sequence = entry.remove(SEQUENCE).longValue();
        String previousHash = entry.remove(PREVIOUS_HASH).textValue();
        return new Link(sequence, previousHash, entry.remove(HASH).textValue(), entry);
    }

    /** @return this link as a line of an exported trail */
    public String toLine() {
        return Canonical.write(placed(sequence, previousHash, entry).put(HASH, hash));
    }

    /** @return whether the entry and its place are what was hashed */
    boolean isIntact() {
        return wasSealedAs(sequence, previousHash);
    }

    /** @return whether this entry was sealed at that place, whatever place it has now */
    boolean wasSealedAs(long place, String afterHash) {
        return hasHash(place, afterHash, hash);
    }

    /** @return whether this entry, sealed at that place, has that hash */
    boolean hasHash(long place, String afterHash, String expected) {
        return entry != null && hash(place, afterHash, entry).equals(expected);
    }

    private static String hash(long sequence, String previousHash, ObjectNode entry) {
        return Canonical.sha256(Canonical.write(placed(sequence, previousHash, entry)));
    }

    private static ObjectNode placed(long sequence, String previousHash, ObjectNode entry) {
        ObjectNode placed = entry.objectNode();
        placed.setAll(entry);
        return placed.put(SEQUENCE, sequence).put(PREVIOUS_HASH, previousHash);
    }
}
