package io.countersign.identity.web;

import io.countersign.api.Page;
import io.countersign.api.SearchRequest;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/users")
@Tag(name = "Users")
class UsersResource {

    private final People people;

    UsersResource(People people) {
        this.people = people;
    }

    record NewUser(
            @NotBlank String id,
            @NotBlank String displayName,
            String email,
            @NotBlank String password,
            boolean superadmin) {}

    record Reason(String reason) {}

    @GetMapping
    @Operation(summary = "Lists people by name, all or those whose name or address contains a text; for superadmins")
    Page<Person> list(
            @RequestParam(required = false) String q,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        people.requireMayManage(CurrentUser.get());
        return people.list(SearchRequest.of(limit, cursor, q));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Adds a person with a first password; for superadmins")
    Person add(@Valid @RequestBody NewUser body) {
        people.requireMayManage(CurrentUser.get());
        Person person =
                new Person(new UserId(body.id()), body.displayName(), body.email(), false, body.superadmin(), false);
        people.add(person, body.password());
        return person;
    }

    @GetMapping("/{user}")
    @Operation(summary = "Shows a person; for superadmins")
    Person get(@PathVariable String user) {
        people.requireMayManage(CurrentUser.get());
        return people.get(new UserId(user));
    }

    @PostMapping("/{user}/deactivate")
    @Operation(summary = "Ends a person's sessions, tokens, delegations and roles, and refuses their sign-in")
    Person deactivate(@PathVariable String user, @RequestBody(required = false) Reason body) {
        return people.deactivate(CurrentUser.get(), new UserId(user), body == null ? null : body.reason());
    }

    @PostMapping("/{user}/reactivate")
    @Operation(summary = "Lets a deactivated person sign in again, with the memberships that they had")
    Person reactivate(@PathVariable String user, @RequestBody(required = false) Reason body) {
        return people.reactivate(CurrentUser.get(), new UserId(user), body == null ? null : body.reason());
    }
}
