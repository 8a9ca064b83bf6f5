package io.countersign.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.countersign.api.secret.Sha256;

/**
 * Writes a value as canonical JSON, with sorted keys and without white space, so that equal values have equal hashes.
 */
public final class CanonicalJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .findAndAddModules()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private CanonicalJson() {}

    /**
     * @param value a record, map or JSON tree
     * @return its canonical JSON
     */
    public static String write(Object value) {
        try {
            // The mapper only sorts trees of plain maps; records and JSON nodes keep their own order.
            Object tree = MAPPER.treeToValue(MAPPER.valueToTree(value), Object.class);
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON: " + value.getClass(), e);
        }
    }

    /** @return the JSON tree of a canonical text */
    public static JsonNode read(String canonical) {
        try {
            return MAPPER.readTree(canonical);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON", e);
        }
    }

    /** @return the value that a canonical text was written from */
    public static <T> T read(String canonical, Class<T> type) {
        try {
            return MAPPER.readValue(canonical, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON of a " + type.getSimpleName(), e);
        }
    }

    /** @return the SHA-256 of a canonical text, in lower-case hexadecimal digits */
    public static String hash(String canonical) {
        return Sha256.of(canonical);
    }
}
