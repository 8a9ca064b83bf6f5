package io.countersign.approval.web;

import com.fasterxml.jackson.databind.type.TypeFactory;
import io.countersign.approval.EntityType;
import io.countersign.approval.kind.RequestKinds;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.oas.models.media.Schema;
import org.springdoc.core.customizers.PropertyCustomizer;
import org.springframework.stereotype.Component;

/** Lists the kinds of requests in the API's description like the constants of an enum. */
@Component
class DescribedKinds implements PropertyCustomizer {

    private final RequestKinds kinds;

    DescribedKinds(RequestKinds kinds) {
        this.kinds = kinds;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Schema customize(Schema property, AnnotatedType type) {
        if (TypeFactory.rawClass(type.getType()) == EntityType.class) {
            property.setEnum(kinds.types().stream().map(EntityType::wireName).toList());
        }
        return property;
    }
}
