/**
 * What every REST resource shares: problems and how they are answered, cursor pages, idempotent creation. Knows no
 * feature.
 */
@org.springframework.modulith.ApplicationModule(
        type = org.springframework.modulith.ApplicationModule.Type.OPEN,
        allowedDependencies = {})
package io.countersign.api;
