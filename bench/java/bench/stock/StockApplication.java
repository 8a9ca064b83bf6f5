package bench.stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;

/**
 * What we are measured against: the plain Camunda starters with default settings, and the same model with everything
 * that it needs to know carried in process variables. Its delegates do what ours do for the outside world: they send
 * the same number of mails and write the same file.
 */
@SpringBootApplication
public class StockApplication {

    private final JavaMailSender mail;
    private final Path directory;

    StockApplication(JavaMailSender mail, @Value("${bench.directory}") Path directory) throws IOException {
        this.mail = mail;
        this.directory = Files.createDirectories(directory);
    }

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(StockApplication.class, args);
    }

    @Bean
    JavaDelegate notifyApprovers() {
        return execution -> {
            String name = (String) execution.getVariable("routeName");
            String payload = (String) execution.getVariable("payload");
            for (String approver : new String[] {"approver", "owner"}) {
                send(approver, "Approval needed: create route " + name, payload);
            }
        };
    }

    @Bean
    JavaDelegate notifyRequester() {
        return execution -> send(
                (String) execution.getVariable("submitter"),
                "Approved: route " + execution.getVariable("routeName"),
                "Decision: " + execution.getVariable("decision"));
    }

    @Bean
    JavaDelegate approveRouteChange() {
        return execution -> execution.setVariable("status", "approved");
    }

    @Bean
    JavaDelegate refuseRouteChange() {
        return execution -> execution.setVariable("status", "rejected");
    }

    @Bean
    JavaDelegate releaseRoute() {
        return execution -> execution.setVariable("status", "pending_deploy");
    }

    @Bean
    JavaDelegate applyRoute() {
        return execution -> Files.writeString(
                directory.resolve(execution.getVariable("routeName") + ".yaml"),
                (String) execution.getVariable("payload"));
    }

    @Bean
    JavaDelegate checkRouteProgress() {
        return execution -> execution.setVariable(
                "finished", Files.exists(directory.resolve(execution.getVariable("routeName") + ".yaml")));
    }

    @Bean
    JavaDelegate finishRouteDeployment() {
        return execution -> {
            execution.setVariable("status", "active");
            for (String person : new String[] {(String) execution.getVariable("submitter"), "owner"}) {
                send(person, "Route " + execution.getVariable("routeName") + " is active", "It is deployed.");
            }
        };
    }

    private void send(String person, String subject, String text) {
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom("stock@bench.example");
        message.setTo(person + "@bench.example");
        message.setSubject(subject);
        message.setText(text);
        mail.send(message);
    }
}
