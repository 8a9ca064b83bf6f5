package io.countersign.tenant.orchestrator;

import io.countersign.embedded.EmbeddedMode;
import java.util.Optional;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The orchestrator that the first start in embedded mode creates (design, "Running it"). */
@Component
@EmbeddedMode
class DemoOrchestrator implements ApplicationRunner {

    private static final String CLIENT_ID = "demo-orchestrator";
    private static final String SECRET = "demo";

    private final Orchestrators orchestrators;
    private final JdbcClient jdbc;

    DemoOrchestrator(Orchestrators orchestrators, JdbcClient jdbc) {
        this.orchestrators = orchestrators;
        this.jdbc = jdbc;
    }

    @Override
    @Transactional
    public void run(ApplicationArguments arguments) {
        boolean missing = jdbc.sql("select count(*) from orchestrators where client_id = ?")
                        .param(CLIENT_ID)
                        .query(Integer.class)
                        .single()
                == 0;
        if (missing) {
            orchestrators.provision(
                    new Orchestrators.Details(
                            "Demo orchestrator", "orchestrator@acme.example", Optional.empty(), Optional.empty()),
                    CLIENT_ID,
                    SECRET);
        }
    }
}
