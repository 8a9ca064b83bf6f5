/** Orchestrators, the programs that register tenants: their records, secrets, tokens and OAuth2 sign-in. */
@org.springframework.modulith.NamedInterface("orchestrator")
package io.countersign.tenant.orchestrator;
