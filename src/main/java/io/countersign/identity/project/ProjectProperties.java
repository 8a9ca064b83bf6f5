package io.countersign.identity.project;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.projects.*}: who creates projects.
 *
 * @param creators the names of people who may create projects in addition to superadmins
 */
@ConfigurationProperties("countersign.projects")
public record ProjectProperties(@DefaultValue Set<String> creators) {}
