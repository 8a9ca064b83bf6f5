/** People with an account: making, inviting, confirming and deactivating them. */
@org.springframework.modulith.NamedInterface("people")
package io.countersign.identity.people;
