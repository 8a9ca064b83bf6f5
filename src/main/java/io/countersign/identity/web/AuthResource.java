package io.countersign.identity.web;

import io.countersign.api.problem.ErrorCode;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.signin.AccessTokens;
import io.countersign.identity.throttle.TooManyAttempts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/auth")
@Tag(name = "Sign-in")
class AuthResource {

    private final AuthenticationManager authentication;
    private final AccessTokens tokens;
    private final People people;
    private final Memberships memberships;
    private final Invitations invitations;

    AuthResource(
            AuthenticationManager authentication,
            AccessTokens tokens,
            People people,
            Memberships memberships,
            Invitations invitations) {
        this.authentication = authentication;
        this.tokens = tokens;
        this.people = people;
        this.memberships = memberships;
        this.invitations = invitations;
    }

    record Credentials(@NotBlank String username, @NotBlank String password) {}

    record AcceptedInvitation(
            @NotBlank String token, @NotBlank String password) {}

    record PasswordChange(
            @NotBlank String currentPassword, @NotBlank String newPassword) {}

    record Me(
            UserId id,
            String displayName,
            String email,
            boolean emailConfirmed,
            boolean superadmin,
            List<Role> memberships) {}

    record Role(String scopeType, String scope, String role, String team) {}

    @PostMapping("/login")
    @Operation(summary = "Exchanges a name and password for a bearer token")
    AccessTokens.Issued login(@Valid @RequestBody Credentials credentials) {
        authentication.authenticate(
                UsernamePasswordAuthenticationToken.unauthenticated(credentials.username(), credentials.password()));
        return tokens.issue(new UserId(credentials.username()));
    }

    @PostMapping("/invitation")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Sets a password with the token of an invitation link, which works once")
    void acceptInvitation(@Valid @RequestBody AcceptedInvitation body) {
        invitations.accept(body.token(), body.password());
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Withdraws the bearer token that this request carries")
    void logout(@RequestHeader(name = HttpHeaders.AUTHORIZATION, defaultValue = "") String authorization) {
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            tokens.withdraw(authorization.substring(7).trim());
        }
    }

    @GetMapping("/me")
    @Operation(summary = "Returns the caller and their roles")
    Me me() {
        Person person = people.get(CurrentUser.get());
        List<Role> roles =
                memberships.of(person.id()).stream().map(AuthResource::role).toList();
        return new Me(
                person.id(), person.displayName(), person.email(), person.emailConfirmed(), person.superadmin(), roles);
    }

    @PutMapping("/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Changes the caller's password and revokes all their tokens")
    void changePassword(@Valid @RequestBody PasswordChange change) {
        people.changePassword(CurrentUser.get(), change.currentPassword(), change.newPassword());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooManyAttempts(TooManyAttempts e) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, e.retryAfter())
                .body(io.countersign.api.problem.Problems.detail(
                        HttpStatus.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_ATTEMPTS, e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail badCredentials(AuthenticationException e) {
        return io.countersign.api.problem.Problems.detail(
                HttpStatus.UNAUTHORIZED, ErrorCode.BAD_CREDENTIALS, "Name and password do not match.");
    }

    private static Role role(Membership membership) {
        Scope scope = membership.scope();
        return new Role(
                scope.type().wireName(),
                scope.id(),
                membership.role(),
                membership.team().map(Object::toString).orElse(null));
    }
}
