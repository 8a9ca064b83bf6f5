/** The append-only trail: who did what, from where and when. */
@org.springframework.modulith.ApplicationModule(allowedDependencies = "api")
package io.countersign.audit;
