package io.countersign.engine.jobs;

/**
 * Published when an engine job fails for the last time and becomes an incident, in the transaction that records it.
 *
 * @param processDefinitionKey the process, such as {@code carry-out}
 * @param processInstanceId the instance
 * @param activityId the activity that failed, such as {@code apply-change}
 * @param reason the failure's message
 */
public record JobGaveUp(String processDefinitionKey, String processInstanceId, String activityId, String reason) {}
