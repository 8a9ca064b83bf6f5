/** What the platform's operators look after: engine jobs and nodes. */
package io.countersign.console.operations;
