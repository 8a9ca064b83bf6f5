/** Who is a member of what, with which role and team; the only source of permissions. */
@org.springframework.modulith.NamedInterface("membership")
package io.countersign.identity.membership;
