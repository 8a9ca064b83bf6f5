/** Projects and their teams. */
@org.springframework.modulith.NamedInterface("project")
package io.countersign.identity.project;
