package io.countersign.console.members;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.SearchRequest;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.Invitations.Invitation;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** All accounts, for superadmins, who add, invite and deactivate people. */
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
     * The form as typed.
     *
     * @param id the person's user name
     * @param display_name their display name
     * @param email their address
     * @param superadmin whether they get the platform role; null for no
     */
    public record Form(String id, String display_name, String email, Boolean superadmin) {

        static final Form EMPTY = new Form("", "", "", false);

        Person person() {
            return new Person(
                    new UserId(FormText.text(id).strip()),
                    FormText.text(display_name).strip(),
                    FormText.given(email).orElse(null),
                    false,
                    Boolean.TRUE.equals(superadmin),
                    false);
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
        return "members/people";
    }

    @GetMapping("/new")
    String form(Model model) {
        model.addAttribute(FORM, Form.EMPTY);
        return "members/person-form";
    }

    @PostMapping("/new")
    String add(@ModelAttribute(FORM) Form form, Model page, HttpServletResponse response, Submission submission) {
        return submission.act(
                () -> {
                    Person person = form.person();
                    Invitation invitation = invitations.add(CurrentUser.get(), person);
                    return invited(person.id(), invitation, page, response, submission);
                },
                model -> "members/person-form");
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
            Model page,
            HttpServletResponse response,
            Submission submission) {
        UserId user = new UserId(id);
        return submission.act(
                () -> {
                    Invitation invitation = invitations.invite(CurrentUser.get(), user, FormText.given(email));
                    return invited(user, invitation, page, response, submission);
                },
                model -> show(id, model));
    }

    /** Shows the link in the response itself: it is stored nowhere that a redirect could read it from. */
    private static String invited(
            UserId user, Invitation invitation, Model model, HttpServletResponse response, Submission submission) {
        if (invitation.link() == null) {
            return submission.done("/people/" + user, user + " gets a link by mail to " + invitation.mailTo() + ".");
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
            Submission submission) {
        UserId actor = CurrentUser.get();
        UserId user = new UserId(id);
        return submission.act(
                () -> submission.done(
                        "/people/" + user,
                        switch (change) {
                            case "deactivate" ->
                                people.deactivate(actor, user, reason).displayName() + " is deactivated.";
                            case "reactivate" ->
                                people.reactivate(actor, user, reason).displayName() + " can sign in again.";
                            case "confirm" ->
                                people.confirmSuperadmin(actor, user).displayName() + " is a superadmin now.";
                            default ->
                                people.declineSuperadmin(actor, user).displayName() + " does not become a superadmin.";
                        }),
                model -> show(id, model));
    }
}
