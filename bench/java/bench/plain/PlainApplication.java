package bench.plain;

import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * What a user of Camunda 7 writes in an afternoon: the plain starters with default settings, one process with two stages
 * in sequence, and a deployment that does nothing.
 */
@SpringBootApplication
public class PlainApplication {

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(PlainApplication.class, args);
    }

    @Bean
    JavaDelegate deploy() {
        return execution -> {};
    }
}
