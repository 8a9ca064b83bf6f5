package io.countersign.identity.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.SearchRequest;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.Invitations.Invitation;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/users")
@Tag(name = "Users")
class UsersResource {

    private final People people;
    private final Invitations invitations;
    private final Idempotency idempotency;

    UsersResource(People people, Invitations invitations, Idempotency idempotency) {
        this.people = people;
        this.invitations = invitations;
        this.idempotency = idempotency;
    }

    record NewUser(@NotBlank String id, @NotBlank String displayName, String email, boolean superadmin) {}

    record Reason(String reason) {}

    record Address(String email) {}

    record User(@JsonUnwrapped Person person, Invitation invitation, UserId superadminAskedBy) {}

    @GetMapping
    @Operation(summary = "Lists people by name, all or those whose name or address contains a text; for superadmins")
    Page<User> list(
            @RequestParam(required = false) String q,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        people.requireMayManage(CurrentUser.get());
        Page<Person> page = people.list(SearchRequest.of(limit, cursor, q));
        List<UserId> ids = page.items().stream().map(Person::id).toList();
        Map<UserId, Invitation> open = invitations.of(ids);
        Map<UserId, UserId> asked = people.superadminAskedBy(ids);
        return page.map(person -> new User(person, open.get(person.id()), asked.get(person.id())));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Adds a person, who sets their own password by a link; for superadmins",
            description = "The link is mailed. Without an address, or a mail server, the answer shows it, once.")
    User add(@RequestHeader(name = "Idempotency-Key", required = false) String key, @Valid @RequestBody NewUser body) {
        UserId caller = CurrentUser.get();
        UserId id = new UserId(body.id());
        // Only the id is stored: the link appears in this response only.
        AtomicReference<Invitation> shown = new AtomicReference<>();
        idempotency.once(caller.value(), "POST /users", Optional.ofNullable(key), body, UserId.class, () -> {
            shown.set(invitations.add(
                    caller, new Person(id, body.displayName(), body.email(), false, body.superadmin(), false)));
            return id;
        });
        return shown.get() == null ? get(id.value()) : user(id, shown.get());
    }

    @GetMapping("/{user}")
    @Operation(summary = "Shows a person; for superadmins")
    User get(@PathVariable String user) {
        people.requireMayManage(CurrentUser.get());
        UserId id = new UserId(user);
        return user(id, invitations.of(List.of(id)).get(id));
    }

    @PostMapping("/{user}/invite")
    @Operation(
            summary = "Gives a person a new link to set their password; earlier ones stop working; for superadmins",
            description =
                    "Another address can be given until the first invitation is accepted. Accepts no Idempotency-Key:"
                            + " only the latest link works.")
    User invite(@PathVariable String user, @RequestBody(required = false) Address body) {
        UserId id = new UserId(user);
        Optional<String> address = Optional.ofNullable(body).map(Address::email);
        return user(id, invitations.invite(CurrentUser.get(), id, address));
    }

    @PostMapping("/{user}/superadmin/confirm")
    @Operation(summary = "Confirms a superadmin whom another superadmin proposed")
    User confirmSuperadmin(@PathVariable String user) {
        return user(people.confirmSuperadmin(CurrentUser.get(), new UserId(user)));
    }

    @PostMapping("/{user}/superadmin/decline")
    @Operation(summary = "Declines a proposed superadmin")
    User declineSuperadmin(@PathVariable String user) {
        return user(people.declineSuperadmin(CurrentUser.get(), new UserId(user)));
    }

    @PostMapping("/{user}/deactivate")
    @Operation(summary = "Ends a person's sessions, tokens, delegations and roles, and refuses their sign-in")
    User deactivate(@PathVariable String user, @RequestBody(required = false) Reason body) {
        return user(people.deactivate(CurrentUser.get(), new UserId(user), body == null ? null : body.reason()));
    }

    @PostMapping("/{user}/reactivate")
    @Operation(summary = "Reactivates a person, with their previous memberships")
    User reactivate(@PathVariable String user, @RequestBody(required = false) Reason body) {
        return user(people.reactivate(CurrentUser.get(), new UserId(user), body == null ? null : body.reason()));
    }

    private User user(Person person) {
        return user(person.id(), invitations.of(List.of(person.id())).get(person.id()));
    }

    private User user(UserId id, Invitation invitation) {
        return new User(
                people.get(id),
                invitation,
                people.superadminAskedBy(List.of(id)).get(id));
    }
}
