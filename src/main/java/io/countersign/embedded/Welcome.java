package io.countersign.embedded;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs the address and accounts of an embedded server once it has started. */
@Component
@EmbeddedMode
class Welcome {

    private static final Logger log = LoggerFactory.getLogger(Welcome.class);

    private final String dataDirectory;

    Welcome(@Value("${countersign.embedded.data-directory}") String dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    @EventListener
    void welcome(ApplicationReadyEvent ready) {
        if (!(ready.getApplicationContext() instanceof ServletWebServerApplicationContext server)) {
            return;
        }
        String url = "http://localhost:" + server.getWebServer().getPort();
        log.info("""


                  Countersign is ready.

                    Console      {}
                    Mailbox      {}/mailbox
                    Tasklist     {}/camunda/app/tasklist/
                    Cockpit      {}/camunda/app/cockpit/      (superadmin, admin)
                    REST         {}/swagger-ui.html

                  Sign in with the password "demo" as
                    acme-admin     requests clusters        acme-owner    approves them
                    web-editor     requests route changes   web-approver  approves them
                    superadmin     runs the platform        admin         administers the engine

                  Everything is kept under "{}". This mode is for trying things out: for production, set
                  SPRING_DATASOURCE_URL (see docs/operations.md).
                """, url, url, url, url, url, dataDirectory);
    }
}
