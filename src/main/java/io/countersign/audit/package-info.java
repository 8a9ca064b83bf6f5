/** The append-only, hash-chained trail: who did what, from where, when, and what it changed. */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {"api", "chain"})
package io.countersign.audit;
