package io.countersign.cluster;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.preview.ObjectChange;
import io.countersign.approval.preview.ObjectChange.Refused;
import io.countersign.approval.preview.PreviewSource;
import io.countersign.identity.UserId;
import io.countersign.target.Comparison;
import io.countersign.target.Comparisons;
import io.countersign.target.Comparisons.Question;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Renders a requested cluster as it would be applied. */
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
        return type.equals(ClusterRequests.TYPE);
    }

    @Override
    public List<ObjectChange> preview(Approval approval) {
        Optional<List<Question>> questions =
                transaction.execute(status -> store.find(approval.scope().id(), approval.entityName())
                        .filter(row -> row.asked().approvalId().equals(approval.id()))
                        .map(row -> questions(row, approval)));
        return questions.map(comparisons::of).orElse(List.of()).stream()
                .filter(comparison -> !comparison.isEmpty())
                .map(ClusterPreview::change)
                .toList();
    }

    private List<Question> questions(ClusterRecord row, Approval approval) {
        Optional<UserId> unapproved = approval.stages().isEmpty() ? Optional.of(row.changedBy()) : Optional.empty();
        return row.change() == Change.DELETE
                ? List.of(Question.remove(manifest.ref(row.asked())))
                : manifest.questions(row.asked(), unapproved);
    }

    private static ObjectChange change(Comparison comparison) {
        ObjectChange change = ObjectChange.of(
                comparison.object().apiVersion(),
                comparison.object().kind(),
                comparison.object().namespace().orElse(null),
                comparison.object().name(),
                comparison.live().orElse(null),
                comparison.planned().orElse(null),
                comparison.unknown().orElse(null));
        return comparison
                .refused()
                .map(refusal -> change.refusedBecause(new Refused(refusal.code().wireName(), refusal.reason())))
                .or(() -> comparison.takenFrom().map(change::takenFrom))
                .orElse(change);
    }
}
