package io.countersign.approval.preview;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import java.util.List;
import org.springframework.stereotype.Component;

/** Previews the external effect of carrying out a request, compared with the present state. */
@Component
public class Previews {

    private final List<PreviewSource> sources;

    Previews(List<PreviewSource> sources) {
        this.sources = sources;
    }

    /** @return whether requests of this kind touch external objects at all */
    public boolean exist(EntityType type) {
        return sources.stream().anyMatch(source -> source.carriesOut(type));
    }

    /**
     * @param approval a request that the reader may see
     * @return the objects that carrying it out now would touch; empty if there are none
     */
    public List<ObjectChange> of(Approval approval) {
        return sources.stream()
                .filter(source -> source.carriesOut(approval.entityType()))
                .flatMap(source -> source.preview(approval).stream())
                .toList();
    }
}
