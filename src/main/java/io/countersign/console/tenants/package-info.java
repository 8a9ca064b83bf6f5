/** Tenants and the orchestrators that register them, for superadmins. */
package io.countersign.console.tenants;
