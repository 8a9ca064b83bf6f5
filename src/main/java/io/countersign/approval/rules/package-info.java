/**
 * Who may decide a stage: pure rules from facts about a request and a person to a verdict, without framework or
 * database. {@link io.countersign.approval.rules.Candidates} gathers the facts.
 */
@org.springframework.modulith.NamedInterface("rules")
package io.countersign.approval.rules;
