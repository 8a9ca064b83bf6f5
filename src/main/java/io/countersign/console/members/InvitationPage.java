package io.countersign.console.members;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.console.layout.Submission;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Where invited people choose their password before they can sign in. A GET changes nothing, because mail scanners
 * follow links.
 */
@Controller
@RequestMapping(Invitations.PATH)
class InvitationPage {

    private final Invitations invitations;

    InvitationPage(Invitations invitations) {
        this.invitations = invitations;
    }

    /** Keeps the token in the page's address out of caches and away from other servers. */
    @ModelAttribute
    void headers(HttpServletResponse response) {
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    }

    @GetMapping
    String show(@RequestParam(defaultValue = "") String token, Model model, HttpServletResponse response) {
        Optional<Person> person = invitations.find(token);
        if (person.isEmpty()) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
        }
        model.addAttribute("person", person.orElse(null));
        model.addAttribute("token", token);
        return "members/invitation";
    }

    @PostMapping
    String accept(
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(name = "password_again", defaultValue = "") String again,
            Model model,
            HttpServletResponse response,
            Submission submission) {
        try {
            if (!password.equals(again)) {
                throw new InvalidInput("password_again", "must be the same as above");
            }
            invitations.accept(token, password);
            return "redirect:/login?welcome";
        } catch (InvalidInput problem) {
            submission.refuse(problem, "Your password was not set.");
            return show(token, model, response);
        } catch (NotFound problem) {
            return show("", model, response);
        }
    }
}
