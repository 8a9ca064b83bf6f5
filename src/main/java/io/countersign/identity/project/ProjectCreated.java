package io.countersign.identity.project;

/**
 * Published in the transaction that creates a project.
 *
 * @param project the project's id
 */
public record ProjectCreated(String project) {}
