/** The engine's groups, derived from memberships and delegations. */
@org.springframework.modulith.NamedInterface("groups")
package io.countersign.identity.groups;
