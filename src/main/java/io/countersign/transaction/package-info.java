/** What lasts as long as a database transaction. Knows no feature. */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {})
package io.countersign.transaction;
