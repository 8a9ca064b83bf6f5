package io.countersign.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON in the one form that is hashed: keys sorted, no white space, only what must be escaped is (as RFC 8785 has it),
 * and numbers with every digit that they were written with.
 */
public final class Canonical {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Canonical() {}

    /**
     * @param json one JSON value
     * @return its tree, with numbers as they were written
     * @throws IllegalArgumentException if it is not JSON, or names a key twice
     */
    public static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** @return a tree's one form */
    public static String write(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** @return the SHA-256 of a text in UTF-8, in lower-case hexadecimal digits */
    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                Map<String, JsonNode> fields = new TreeMap<>();
                value.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
                String separator = "{";
                for (Map.Entry<String, JsonNode> field : fields.entrySet()) {
                    out.append(separator);
                    write(field.getKey(), out);
                    out.append(':');
                    write(field.getValue(), out);
                    separator = ",";
                }
                out.append(fields.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                out.append('[');
                for (Iterator<JsonNode> items = value.elements(); items.hasNext(); ) {
                    write(items.next(), out);
                    out.append(items.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case STRING -> write(value.textValue(), out);
            case NUMBER ->
                out.append(
                        value.isIntegralNumber()
                                ? value.bigIntegerValue().toString()
                                : value.decimalValue().toPlainString());
            case BOOLEAN, NULL -> out.append(value.asText());
            default -> throw new IllegalArgumentException("Not JSON: " + value.getNodeType());
        }
    }

    private static void write(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : c);
            }
        }
        out.append('"');
    }
}
