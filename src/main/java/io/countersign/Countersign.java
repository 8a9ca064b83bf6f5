package io.countersign;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Puts human approval in front of infrastructure changes. This class starts the server. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class Countersign {

    /**
     * Starts the server.
     *
     * @param args Spring Boot's command-line properties, such as {@code --server.port=9090}
     */
    public static void main(String[] args) {
        SpringApplication.run(Countersign.class, args);
    }
}
