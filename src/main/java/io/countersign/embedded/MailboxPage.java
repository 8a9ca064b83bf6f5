package io.countersign.embedded;

import io.countersign.api.paging.Page;
import io.countersign.api.problem.NotFound;
import io.countersign.embedded.Mailbox.Mail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Shows the mail that the server sent, in embedded mode, where it goes nowhere else. Needs no sign-in. */
@Controller
@EmbeddedMail
@RequestMapping("/mailbox")
class MailboxPage {

    private static final int MAX_MAILS = 100;

    /**
     * A mail's HTML runs no script and loads nothing. Links lead the whole window away, once a person follows them; the
     * base element sees to it, as mails name no target.
     */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                    + "form-action 'none'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

    private static final String LINKS_LEAVE_THE_FRAME = "<base target=\"_top\">";

    private final Mailbox mailbox;

    MailboxPage(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** A mail as scripts see it. */
    record MailView(
            String id, Instant receivedAt, String from, List<String> to, String subject, String text, String html) {

        static MailView of(Mail mail) {
            return new MailView(
                    mail.id(),
                    mail.receivedAt(),
                    mail.from(),
                    mail.to(),
                    mail.subject(),
                    mail.text().orElse(null),
                    mail.html().orElse(null));
        }
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("mails", mailbox.newest(Optional.empty(), MAX_MAILS));
        return "mailbox/list";
    }

    @GetMapping("/messages")
    @ResponseBody
    Page<MailView> messages(@RequestParam(required = false) String to) {
        return new Page<>(
                mailbox.newest(Optional.ofNullable(to), MAX_MAILS).stream()
                        .map(MailView::of)
                        .toList(),
                null);
    }

    @GetMapping("/{id}")
    String mail(@PathVariable String id, @RequestParam(defaultValue = "html") String view, Model model) {
        Mail mail = mailbox.get(id);
        model.addAttribute("mail", mail);
        model.addAttribute("view", mail.html().isEmpty() && view.equals("html") ? "text" : view);
        return "mailbox/mail";
    }

    @GetMapping("/{id}/html")
    ResponseEntity<String> html(@PathVariable String id) {
        String html = mailbox.get(id).html().orElseThrow(() -> new NotFound("HTML part of mail", id));
        return ResponseEntity.ok()
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(
                        html.contains("<head>")
                                ? html.replaceFirst("<head>", "<head>" + LINKS_LEAVE_THE_FRAME)
                                : LINKS_LEAVE_THE_FRAME + html);
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.NOT_FOUND)
    @ResponseBody
    String notFound(NotFound problem) {
        return problem.getMessage();
    }
}
