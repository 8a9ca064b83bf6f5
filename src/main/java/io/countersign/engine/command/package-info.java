/** What surrounds each command of the engine: another try on a conflict, and answers that callers understand. */
package io.countersign.engine.command;
