/** The stages that a kind of request needs in a scope: stored, validated and seeded with defaults. */
@org.springframework.modulith.NamedInterface("policy")
package io.countersign.approval.policy;
