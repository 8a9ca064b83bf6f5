package io.countersign.identity.signin;

import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** Shows people to Spring Security. Platform roles become authorities; scoped roles are asked for where they matter. */
@Component
class PeopleDetails implements UserDetailsService {

    private final People people;

    PeopleDetails(People people) {
        this.people = people;
    }

    @Override
    public UserDetails loadUserByUsername(String username) {
        UserId id = new UserId(username);
        Person person = people.find(id).orElseThrow(() -> new UsernameNotFoundException("There is no such user."));
        List<String> roles = new ArrayList<>(List.of("USER"));
        if (person.superadmin()) {
            roles.add("SUPERADMIN");
        }
        if (person.engineAdmin()) {
            roles.add("ENGINE_ADMIN");
        }
        return User.withUsername(username)
                .password(people.passwordHash(id).orElseThrow())
                .roles(roles.toArray(String[]::new))
                .build();
    }
}
