/** Feature flags of tenants, and how orchestrators fetch them. */
@org.springframework.modulith.NamedInterface("feature")
package io.countersign.tenant.feature;
