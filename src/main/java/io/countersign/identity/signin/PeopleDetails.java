package io.countersign.identity.signin;

import io.countersign.identity.Principal;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** Shows people to Spring Security. Platform roles become authorities; scoped roles are looked up where needed. */
@Component
class PeopleDetails {

    private final People people;

    PeopleDetails(People people) {
        this.people = people;
    }

    /**
     * @param username the name as typed
     * @return the person for Spring Security
     * @throws UsernameNotFoundException if no person of that name may sign in
     */
    UserDetails load(String username) {
        UserId id = new UserId(username);
        Person person = find(username)
                .filter(Person::active)
                .orElseThrow(() -> new UsernameNotFoundException("There is no such user."));
        return User.withUsername(username)
                .password(people.passwordHash(id).orElseThrow())
                .authorities(authorities(person))
                .build();
    }

    /** @return the person, or empty if the name is unknown; names with a NUL, which PostgreSQL does not accept, are */
    Optional<Person> find(String username) {
        return username.indexOf('\0') < 0 ? people.find(new UserId(username)) : Optional.empty();
    }

    /** @return a person's authorities from their platform roles */
    static List<GrantedAuthority> authorities(Person person) {
        List<String> roles = new ArrayList<>(List.of(Principal.Kind.PERSON.authority()));
        if (person.superadmin()) {
            roles.add("ROLE_SUPERADMIN");
        }
        if (person.engineAdmin()) {
            roles.add("ROLE_ENGINE_ADMIN");
        }
        return AuthorityUtils.createAuthorityList(roles);
    }
}
