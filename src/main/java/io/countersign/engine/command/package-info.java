/** What wraps each engine command: retries on conflict, and answers that callers understand. */
package io.countersign.engine.command;
