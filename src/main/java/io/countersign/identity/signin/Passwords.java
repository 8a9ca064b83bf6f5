package io.countersign.identity.signin;

import io.countersign.identity.throttle.SignInThrottle;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Checks names and passwords from the form, programs' sign-in and HTTP Basic. An unknown name takes as long as a wrong
 * password.
 */
@Component
class Passwords extends DaoAuthenticationProvider {

    private final SignInThrottle throttle;
    private final PeopleDetails details;
    private final boolean allowed;

    Passwords(
            PeopleDetails details,
            PasswordEncoder encoder,
            SignInThrottle throttle,
            @Value("${countersign.sign-in.password}") boolean allowed) {
        super(details::load);
        setPasswordEncoder(encoder);
        this.throttle = throttle;
        this.details = details;
        this.allowed = allowed;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        if (!allowed) {
            throw new BadCredentialsException("Signing in with a password is disabled.");
        }
        String name = authentication.getName();
        return throttle.attempt(
                SignInThrottle.Door.USER,
                name,
                () -> details.find(name).isPresent(),
                () -> super.authenticate(authentication));
    }
}
