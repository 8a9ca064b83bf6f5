package io.countersign.console.policies;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.approval.Policy;
import io.countersign.identity.Permission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What the policy form holds: texts as they were typed, in the order in which the stages shall be passed. */
public class PolicyForm {

    /** One stage. */
    public static class Stage {

        private String requiredPermission = "";
        private String teamScope = "any";
        private String minApprovers = "1";

        public String getRequiredPermission() {
            return requiredPermission;
        }

        public void setRequiredPermission(String requiredPermission) {
            this.requiredPermission = requiredPermission;
        }

        public String getTeamScope() {
            return teamScope;
        }

        public void setTeamScope(String teamScope) {
            this.teamScope = teamScope;
        }

        public String getMinApprovers() {
            return minApprovers;
        }

        public void setMinApprovers(String minApprovers) {
            this.minApprovers = minApprovers;
        }
    }

    private String version = "";
    private List<Stage> stages = new ArrayList<>();
    private boolean distinctApprovers;
    private String remindAfter = "";
    private String escalateAfter = "";
    private String escalateTo = "";
    private String validFor = "";
    private boolean bindsOwners;
    private String notify = "";

    static PolicyForm of(Policy policy) {
        PolicyForm form = new PolicyForm();
        form.version = policy.hash();
        for (Policy.StagePolicy stage : policy.stages()) {
            Stage row = new Stage();
            row.setRequiredPermission(stage.requiredPermission().wireName());
            row.setTeamScope(stage.teamScope().wireName());
            row.setMinApprovers(Integer.toString(stage.minApprovers()));
            form.stages.add(row);
        }
        form.distinctApprovers = policy.distinctApprovers();
        form.remindAfter = Objects.toString(policy.waiting().remindAfter(), "");
        form.escalateAfter = Objects.toString(policy.waiting().escalateAfter(), "");
        form.escalateTo = Objects.toString(policy.waiting().escalateTo(), "");
        form.validFor = Objects.toString(policy.waiting().validFor(), "");
        form.bindsOwners = policy.bindsOwners();
        form.notify = Objects.toString(policy.waiting().told(), "");
        return form;
    }

    void add(Permission permission) {
        Stage stage = new Stage();
        stage.setRequiredPermission(permission.wireName());
        stages.add(stage);
    }

    void remove(int index) {
        if (index >= 0 && index < stages.size()) {
            stages.remove(index);
        }
    }

    void moveUp(int index) {
        if (index > 0 && index < stages.size()) {
            Collections.swap(stages, index, index - 1);
        }
    }

    /** @return the same as a program would send it */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("distinct_approvers", distinctApprovers);
        body.put("binds_owners", bindsOwners);
        body.put("remind_after", blankAsNull(remindAfter));
        body.put("escalate_after", blankAsNull(escalateAfter));
        body.put("escalate_to", blankAsNull(escalateTo));
        body.put("valid_for", blankAsNull(validFor));
        body.put("notify", blankAsNull(notify));
        ArrayNode array = body.putArray("stages");
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            ObjectNode node = array.addObject()
                    .put("order", i + 1)
                    .put("required_permission", stage.requiredPermission)
                    .put("team_scope", stage.teamScope);
            String count = stage.minApprovers.strip();
            if (count.matches("[0-9]{1,6}")) {
                node.put("min_approvers", Integer.parseInt(count));
            } else {
                node.put("min_approvers", count);
            }
        }
        return body;
    }

    private static String blankAsNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** @return the version of the policy that the person was shown */
    public String getVersion() {
        return version;
    }

    public void setVersion(String version) {
        this.version = version;
    }

    public String getRemindAfter() {
        return remindAfter;
    }

    public void setRemindAfter(String remindAfter) {
        this.remindAfter = remindAfter;
    }

    public String getEscalateAfter() {
        return escalateAfter;
    }

    public void setEscalateAfter(String escalateAfter) {
        this.escalateAfter = escalateAfter;
    }

    public String getEscalateTo() {
        return escalateTo;
    }

    public void setEscalateTo(String escalateTo) {
        this.escalateTo = escalateTo;
    }

    public String getValidFor() {
        return validFor;
    }

    public void setValidFor(String validFor) {
        this.validFor = validFor;
    }

    public boolean isBindsOwners() {
        return bindsOwners;
    }

    public void setBindsOwners(boolean bindsOwners) {
        this.bindsOwners = bindsOwners;
    }

    public String getNotify() {
        return notify;
    }

    public void setNotify(String notify) {
        this.notify = notify;
    }

    public List<Stage> getStages() {
        return stages;
    }

    public void setStages(List<Stage> stages) {
        this.stages = stages;
    }

    public boolean isDistinctApprovers() {
        return distinctApprovers;
    }

    public void setDistinctApprovers(boolean distinctApprovers) {
        this.distinctApprovers = distinctApprovers;
    }
}
