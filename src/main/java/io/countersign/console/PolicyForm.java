package io.countersign.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.approval.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the policy form holds: texts as they were typed, in the order in which the stages shall be passed. */
public class PolicyForm {

    /** One stage. */
    public static class Stage {

        private String requiredPermission = "route.approve";
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

    private List<Stage> stages = new ArrayList<>();
    private boolean distinctApprovers;

    static PolicyForm of(Policy policy) {
        PolicyForm form = new PolicyForm();
        for (Policy.StagePolicy stage : policy.stages()) {
            Stage row = new Stage();
            row.setRequiredPermission(stage.requiredPermission().wireName());
            row.setTeamScope(stage.teamScope().wireName());
            row.setMinApprovers(Integer.toString(stage.minApprovers()));
            form.stages.add(row);
        }
        form.distinctApprovers = policy.distinctApprovers();
        return form;
    }

    void add() {
        stages.add(new Stage());
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
