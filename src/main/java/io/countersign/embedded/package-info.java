/**
 * What lets {@code ./mvnw spring-boot:run} work on a machine with only a JDK: an embedded PostgreSQL, an SMTP mailbox
 * with a page to read it, and demonstration data. None of it exists when {@code spring.datasource.url} is set.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "identity",
            "identity :: members",
            "identity :: organization",
            "identity :: people",
            "identity :: project"
        })
package io.countersign.embedded;
