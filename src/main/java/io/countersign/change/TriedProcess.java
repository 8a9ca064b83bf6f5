package io.countersign.change;

/**
 * A process whose failed attempts are reported. A module has one bean per process.
 *
 * @param process the model's id, such as {@code carry-out}
 * @param variable the variable with the UUID of an instance's subject
 */
public record TriedProcess(String process, String variable) {}
