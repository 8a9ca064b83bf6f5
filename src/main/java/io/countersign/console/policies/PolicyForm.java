package io.countersign.console.policies;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.approval.Policy;
import io.countersign.approval.TeamScope;
import io.countersign.console.layout.FormRows;
import io.countersign.console.layout.FormText;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Objects;
import org.springframework.web.bind.annotation.BindParam;

/**
 * The policy form as typed.
 *
 * @param version the version of the policy that the person saw
 * @param stages the stages, in order
 */
record PolicyForm(
        String version,
        List<Stage> stages,
        Boolean distinctApprovers,
        String remindAfter,
        String escalateAfter,
        String escalateTo,
        String validFor,
        Boolean bindsOwners,
        @BindParam("notify") String audience) {

    PolicyForm {
        stages = stages == null
                ? List.of()
                : stages.stream().filter(Objects::nonNull).toList();
        audience = FormText.text(audience);
    }

    /** One stage. The form has no team field where there are no teams. */
    record Stage(String requiredPermission, String teamScope, String minApprovers) {

        Stage {
            teamScope = teamScope == null ? TeamScope.ANY.wireName() : teamScope;
        }

        static Stage of(Policy.StagePolicy stage) {
            return new Stage(
                    stage.requiredPermission().wireName(),
                    stage.teamScope().wireName(),
                    Integer.toString(stage.minApprovers()));
        }
    }

    static PolicyForm of(Policy policy) {
        return new PolicyForm(
                policy.hash(),
                policy.stages().stream().map(Stage::of).toList(),
                policy.distinctApprovers(),
                policy.waiting().remindAfter(),
                policy.waiting().escalateAfter(),
                policy.waiting().escalateTo(),
                policy.waiting().validFor(),
                policy.bindsOwners(),
                Objects.toString(policy.waiting().told(), ""));
    }

    /**
     * @param change the {@link FormRows} change to the stages
     * @param usual the default permission of a new stage
     */
    PolicyForm changed(String change, Permission usual) {
        return with(version, FormRows.changed(stages, change, new Stage(usual.wireName(), null, "1")));
    }

    /** @return the same input, on top of another version of the policy */
    PolicyForm over(String other) {
        return with(other, stages);
    }

    private PolicyForm with(String shown, List<Stage> rows) {
        return new PolicyForm(
                shown,
                rows,
                distinctApprovers,
                remindAfter,
                escalateAfter,
                escalateTo,
                validFor,
                bindsOwners,
                audience);
    }

    /** @return the same, as a program would send it */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("distinct_approvers", Boolean.TRUE.equals(distinctApprovers));
        body.put("binds_owners", Boolean.TRUE.equals(bindsOwners));
        body.put("remind_after", orNull(remindAfter));
        body.put("escalate_after", orNull(escalateAfter));
        body.put("escalate_to", orNull(escalateTo));
        body.put("valid_for", orNull(validFor));
        body.put("notify", orNull(audience));
        ArrayNode array = body.putArray("stages");
        for (Stage stage : stages) {
            ObjectNode node = array.addObject()
                    .put("order", array.size())
                    .put("required_permission", FormText.text(stage.requiredPermission()))
                    .put("team_scope", stage.teamScope());
            String count = FormText.text(stage.minApprovers()).strip();
            if (count.matches("[0-9]{1,6}")) {
                node.put("min_approvers", Integer.parseInt(count));
            } else {
                node.put("min_approvers", count);
            }
        }
        return body;
    }

    private static String orNull(String typed) {
        return FormText.given(typed).orElse(null);
    }
}
