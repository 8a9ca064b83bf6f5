package bench.empty;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The plain Camunda starters and nothing else: what start-up is compared with. */
@SpringBootApplication
public class EmptyApplication {

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(EmptyApplication.class, args);
    }
}
