/**
 * People, organizations, projects, teams, roles and permissions, and how people sign in. Membership rows are the only
 * truth: permissions and engine groups are derived from them on demand.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {"api", "audit", "transaction"})
package io.countersign.identity;
