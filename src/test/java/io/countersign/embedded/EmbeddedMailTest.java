package io.countersign.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.countersign.api.problem.NotFound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.subethamail.smtp.server.SMTPServer;

class EmbeddedMailTest {

    private final EmbeddedMailServer configuration = new EmbeddedMailServer();

    @TempDir
    private Path data;

    private Mailbox mailbox;
    private SMTPServer server;
    private JavaMailSender sender;

    @BeforeEach
    void start() throws Exception {
        mailbox = configuration.mailbox(data, Clock.systemUTC());
        server = configuration.smtpServer(mailbox, 0);
        server.start();
        sender = configuration.javaMailSender(server);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void mail_goes_to_the_mailbox_newest_first() throws Exception {
        send("owner@acme.example", "First");
        send("owner2@acme.example", "Second – mit Ümläuten");

        assertThat(mailbox.newest(Optional.empty(), 10))
                .extracting(Mailbox.Mail::subject)
                .containsExactly("Second – mit Ümläuten", "First");
        Mailbox.Mail mail =
                mailbox.newest(Optional.of("owner@acme.example"), 10).get(0);
        assertThat(mail.from()).isEqualTo("countersign@localhost");
        assertThat(mail.to()).containsExactly("owner@acme.example");
        assertThat(mail.text()).hasValueSatisfying(text -> assertThat(text).startsWith("Plain ü"));
        assertThat(mail.html()).hasValueSatisfying(html -> assertThat(html).contains("<b>HTML ü</b>"));
    }

    @Test
    void mail_survives_a_restart() throws Exception {
        send("owner@acme.example", "Kept");

        Mailbox later = configuration.mailbox(data, Clock.systemUTC());

        assertThat(later.newest(Optional.empty(), 10)).hasSize(1);
        try (var files = Files.list(data.resolve("mail"))) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".eml"));
        }
    }

    @Test
    void html_runs_nothing_and_its_links_leave_the_frame() throws Exception {
        send("owner@acme.example", "Links");
        String id = mailbox.newest(Optional.empty(), 1).get(0).id();
        var pages = MockMvcBuilders.standaloneSetup(new MailboxPage(mailbox)).build();

        pages.perform(get("/mailbox/{id}/html", id))
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Security-Policy", containsString("default-src 'none'")))
                .andExpect(header().string(
                                "Content-Security-Policy",
                                containsString("sandbox allow-top-navigation-by-user-activation")))
                .andExpect(content().string(containsString("<head><base target=\"_top\">")));
        pages.perform(get("/mailbox/messages").param("to", "owner@acme.example"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.items[0].subject").value("Links"));
        pages.perform(get("/mailbox/messages").param("to", "nobody@acme.example"))
                .andExpect(jsonPath("$.items").isEmpty());
    }

    @Test
    void other_files_are_out_of_reach() {
        assertThatThrownBy(() -> mailbox.get("../postgresql/PG_VERSION")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> mailbox.get("20250101T000000000000Z-00000000")).isInstanceOf(NotFound.class);
    }

    @Test
    void mailbox_is_there_only_while_no_mail_server_is_configured() {
        ApplicationContextRunner application = new ApplicationContextRunner()
                .withUserConfiguration(EmbeddedMailServer.class)
                .withBean(Clock.class, Clock::systemUTC)
                .withPropertyValues(
                        "countersign.embedded.data-directory=" + data.resolve("other"),
                        "countersign.embedded.smtp-port=0");

        application.run(context -> assertThat(context).hasSingleBean(Mailbox.class));
        application
                .withPropertyValues("spring.mail.host=smtp.example.com")
                .run(context -> assertThat(context).doesNotHaveBean(Mailbox.class));
        application
                .withPropertyValues("spring.datasource.url=jdbc:postgresql://db/countersign")
                .run(context -> assertThat(context).doesNotHaveBean(Mailbox.class));
    }

    private void send(String to, String subject) throws Exception {
        var message = sender.createMimeMessage();
        MimeMessageHelper helper = new MimeMessageHelper(message, true);
        helper.setFrom("countersign@localhost");
        helper.setTo(to);
        helper.setSubject(subject);
        helper.setText("Plain ü", "<html><head></head><body><b>HTML ü</b></body></html>");
        sender.send(message);
    }
}
