package io.countersign.api.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.springframework.boot.jackson.JsonComponent;

/** Takes for a time only a text that is a {@linkplain PlainTime plain time}, and no number. */
@JsonComponent
class JsonTime extends StdScalarDeserializer<Instant> {

    JsonTime() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            return PlainTime.read(parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : "");
        } catch (DateTimeException e) {
            throw new JsonText.Broken(parser, e.getMessage());
        }
    }
}
