package io.countersign.console.members;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.Problem;
import io.countersign.console.layout.Flash;
import io.countersign.console.layout.FormErrors;
import io.countersign.console.layout.Problems;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.Invitations.Invitation;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Everyone who has an account, for superadmins, who add, invite and deactivate people. */
@Controller
@RequestMapping("/people")
class PeoplePages {

    private static final int PAGE = 50;
    private static final String FORM = "form";

    private final People people;
    private final Invitations invitations;

    PeoplePages(People people, Invitations invitations) {
        this.people = people;
        this.invitations = invitations;
    }

    /**
     * What the form holds, as it was typed.
     *
     * @param id the name that the person signs in with
     * @param display_name their name for people
     * @param email where mail reaches them
     * @param superadmin whether they get the platform role; null for no
     */
    public record Form(String id, String display_name, String email, Boolean superadmin) {

        static final Form EMPTY = new Form("", "", "", false);

        Person person() {
            String address = text(email);
            return new Person(
                    new UserId(text(id)),
                    text(display_name),
                    address.isEmpty() ? null : address,
                    false,
                    Boolean.TRUE.equals(superadmin),
                    false);
        }

        private static String text(String given) {
            return given == null ? "" : given.strip();
        }
    }

    @ModelAttribute
    void superadminsOnly() {
        people.requireMayManage(CurrentUser.get());
    }

    @GetMapping
    String list(@RequestParam(defaultValue = "") String q, @RequestParam(required = false) String cursor, Model model) {
        SearchRequest request = SearchRequest.of(PAGE, cursor, q);
        Page<Person> page = people.list(request);
        List<UserId> ids = page.items().stream().map(Person::id).toList();
        model.addAttribute("people", page);
        model.addAttribute("invitations", invitations.of(ids));
        model.addAttribute("asked", people.superadminAskedBy(ids));
        model.addAttribute("q", request.text().orElse(null));
        model.addAttribute("first", request.after().isEmpty());
        return "members/people";
    }

    @GetMapping("/new")
    String form(Model model) {
        model.addAttribute(FORM, Form.EMPTY);
        return "members/person-form";
    }

    @PostMapping("/new")
    String add(
            @ModelAttribute(FORM) Form form, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        try {
            Person person = form.person();
            Invitation invitation = invitations.add(CurrentUser.get(), person);
            return invited(person.id(), invitation, model, response, redirect);
        } catch (Problem problem) {
            response.setStatus(Problems.status(problem).value());
            FormErrors.of(problem).addTo(model);
            Flash.problem(model, problem.getMessage());
            return "members/person-form";
        }
    }

    @GetMapping("/{id}")
    String show(@PathVariable String id, Model model) {
        UserId user = new UserId(id);
        model.addAttribute("person", people.get(user));
        model.addAttribute("invitation", invitations.of(List.of(user)).get(user));
        model.addAttribute("askedBy", people.superadminAskedBy(List.of(user)).get(user));
        return "members/person";
    }

    @PostMapping("/{id}/invite")
    String invite(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String email,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId user = new UserId(id);
        try {
            Optional<String> address = Optional.of(email.strip()).filter(given -> !given.isEmpty());
            return invited(user, invitations.invite(CurrentUser.get(), user, address), model, response, redirect);
        } catch (Problem problem) {
            return refused(id, problem, model, response);
        }
    }

    /** Answers with the link in the page itself: it is kept nowhere that a redirect could fetch it from. */
    private static String invited(
            UserId user,
            Invitation invitation,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        if (invitation.link() == null) {
            Flash.success(redirect, user + " gets a link by mail to " + invitation.mailTo() + ".");
            return "redirect:" + page(user);
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("user", user);
        model.addAttribute("shown", invitation);
        return "members/invitation-link";
    }

    @PostMapping("/{id}/{change:deactivate|reactivate|confirm|decline}")
    String change(
            @PathVariable String id,
            @PathVariable String change,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        UserId actor = CurrentUser.get();
        UserId user = new UserId(id);
        try {
            Flash.success(
                    redirect,
                    switch (change) {
                        case "deactivate" ->
                            people.deactivate(actor, user, reason).displayName() + " is deactivated.";
                        case "reactivate" ->
                            people.reactivate(actor, user, reason).displayName() + " can sign in again.";
                        case "confirm" -> people.confirmSuperadmin(actor, user).displayName() + " is a superadmin now.";
                        default ->
                            people.declineSuperadmin(actor, user).displayName() + " does not become a superadmin.";
                    });
            return "redirect:" + page(user);
        } catch (Problem problem) {
            return refused(id, problem, model, response);
        }
    }

    private String refused(String id, Problem problem, Model model, HttpServletResponse response) {
        response.setStatus(Problems.status(problem).value());
        FormErrors.of(problem).addTo(model);
        Flash.problem(model, problem.getMessage());
        return show(id, model);
    }

    private static String page(UserId user) {
        return "/people/" + user;
    }
}
