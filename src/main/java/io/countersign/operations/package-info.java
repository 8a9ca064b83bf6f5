/** What operators need: metrics, traces and ids in the log, what is stuck or failed and how to retry it. */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {"api", "approval", "audit", "identity", "notification"})
package io.countersign.operations;
