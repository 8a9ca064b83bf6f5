/** People with an account: creating, inviting, confirming and deactivating them. */
@org.springframework.modulith.NamedInterface("people")
package io.countersign.identity.people;
