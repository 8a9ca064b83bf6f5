package io.countersign.api.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.jackson.JsonComponent;

/** Takes for text only what is text, and refuses what is no {@linkplain PlainText plain text}. */
@JsonComponent
public class JsonText extends StringDeserializer {

    /** A text or time that breaks a rule; the message is the rule, read after the field's name. */
    public static final class Broken extends JsonMappingException {

        private static final long serialVersionUID = 1;

        Broken(JsonParser parser, String rule) {
            super(parser, rule);
        }
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken().isScalarValue() && !parser.hasToken(JsonToken.VALUE_STRING)) {
            throw new Broken(parser, "must be a string");
        }
        String text = super.deserialize(parser, context);
        Optional<String> rule = Optional.ofNullable(text).flatMap(PlainText::brokenRule);
        if (rule.isPresent()) {
            throw new Broken(parser, rule.get());
        }
        return text;
    }
}
