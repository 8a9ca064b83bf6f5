package io.countersign.cluster.provisioning;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.ObjectChange;
import io.countersign.approval.PreviewSource;
import io.countersign.target.Comparison;
import io.countersign.target.Comparisons;
import io.countersign.target.Comparisons.Question;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Renders the cluster that a request asks for, as it would be applied. */
@Component
class ClusterPreview implements PreviewSource {

    private final ClusterStore store;
    private final ClusterManifest manifest;
    private final Comparisons comparisons;
    private final TransactionTemplate transaction;

    ClusterPreview(
            ClusterStore store, ClusterManifest manifest, Comparisons comparisons, TransactionTemplate transaction) {
        this.store = store;
        this.manifest = manifest;
        this.comparisons = comparisons;
        this.transaction = transaction;
    }

    @Override
    public boolean carriesOut(EntityType type) {
        return type == EntityType.CLUSTER;
    }

    @Override
    public List<ObjectChange> preview(Approval approval) {
        Optional<HasMetadata> object =
                transaction.execute(status -> store.find(approval.scope().id(), approval.entityName())
                        .map(ClusterRecord::cluster)
                        .filter(found -> found.approvalId().equals(approval.id()))
                        .map(manifest::render));
        return object.map(Question::apply).map(question -> comparisons.of(List.of(question))).orElse(List.of()).stream()
                .map(ClusterPreview::change)
                .toList();
    }

    private static ObjectChange change(Comparison comparison) {
        return ObjectChange.of(
                comparison.object().apiVersion(),
                comparison.object().kind(),
                comparison.object().namespace().orElse(null),
                comparison.object().name(),
                comparison.live().orElse(null),
                comparison.planned().orElse(null),
                comparison.unknown().orElse(null));
    }
}
