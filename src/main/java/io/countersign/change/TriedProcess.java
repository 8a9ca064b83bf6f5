package io.countersign.change;

/**
 * A process whose failed tries are told of. A module has one bean for each.
 *
 * @param process the model's id, such as {@code carry-out}
 * @param variable the variable that names what an instance is about, a UUID
 */
public record TriedProcess(String process, String variable) {}
