/** Adding, changing and removing the members of organizations and projects. */
@org.springframework.modulith.NamedInterface("members")
package io.countersign.identity.members;
