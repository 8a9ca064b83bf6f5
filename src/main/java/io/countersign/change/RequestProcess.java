package io.countersign.change;

/**
 * A process that takes a request from its submission until it is carried out.
 *
 * @param key the model's id, such as {@code cluster-approval}
 * @param variable the variable that names the subject, such as {@code clusterId}
 */
public record RequestProcess(String key, String variable) {}
