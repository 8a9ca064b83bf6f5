package io.countersign.engine.identity;

import io.countersign.identity.UserId;
import io.countersign.identity.groups.EngineGroups;
import io.countersign.identity.membership.GroupNames;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.identity.GroupQuery;
import org.camunda.bpm.engine.identity.NativeUserQuery;
import org.camunda.bpm.engine.identity.Tenant;
import org.camunda.bpm.engine.identity.TenantQuery;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.engine.identity.UserQuery;
import org.camunda.bpm.engine.impl.GroupQueryImpl;
import org.camunda.bpm.engine.impl.Page;
import org.camunda.bpm.engine.impl.TenantQueryImpl;
import org.camunda.bpm.engine.impl.UserQueryImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.identity.ReadOnlyIdentityProvider;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.GroupEntity;
import org.camunda.bpm.engine.impl.persistence.entity.UserEntity;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Shows the engine our people and the groups derived from their memberships. Read-only: the engine neither adds users
 * nor checks passwords.
 */
class EngineIdentity implements SessionFactory {

    private final ObjectProvider<People> people;
    private final ObjectProvider<EngineGroups> groups;

    EngineIdentity(ObjectProvider<People> people, ObjectProvider<EngineGroups> groups) {
        this.people = people;
        this.groups = groups;
    }

    @Override
    public Class<?> getSessionType() {
        return ReadOnlyIdentityProvider.class;
    }

    @Override
    public Session openSession() {
        return new Provider();
    }

    /**
     * The people that the caller may see: everyone for administrators and the engine itself, only themselves for
     * others, so that no organization learns another's names.
     */
    private static boolean visible(String user) {
        Authentication caller = Context.getCommandContext().getAuthentication();
        return caller == null
                || caller.getUserId().equals(user)
                || (caller.getGroupIds() != null && caller.getGroupIds().contains(GroupNames.ENGINE_ADMINS));
    }

    /**
     * The groups that the caller may see: all for administrators and the engine itself, only their own for others, so
     * that group names do not reveal which organizations, projects and teams exist.
     */
    private static boolean groupVisible(String group) {
        Authentication caller = Context.getCommandContext().getAuthentication();
        return caller == null
                || (caller.getGroupIds() != null
                        && (caller.getGroupIds().contains(group)
                                || caller.getGroupIds().contains(GroupNames.ENGINE_ADMINS)));
    }

    private static boolean matches(String wanted, String actual) {
        return wanted == null || wanted.equals(actual);
    }

    private static boolean like(String pattern, String actual) {
        if (pattern == null) {
            return true;
        }
        String regex = Arrays.stream(pattern.split("%", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return actual != null
                && Pattern.compile(regex, Pattern.CASE_INSENSITIVE)
                        .matcher(actual)
                        .matches();
    }

    private static <T> List<T> page(Stream<T> all, Page page) {
        return (page == null ? all : all.skip(page.getFirstResult()).limit(page.getMaxResults()))
                .collect(Collectors.toList());
    }

    private static User user(Person person) {
        UserEntity user = new UserEntity(person.id().value());
        user.setFirstName(person.displayName());
        user.setLastName("");
        user.setEmail(person.email());
        return user;
    }

    private static Group group(String id) {
        GroupEntity group = new GroupEntity(id);
        group.setName(id);
        group.setType("WORKFLOW");
        return group;
    }

    private final class Provider implements ReadOnlyIdentityProvider {

        @Override
        public User findUserById(String id) {
            return people.getObject()
                    .find(new UserId(id))
                    .map(EngineIdentity::user)
                    .orElse(null);
        }

        @Override
        public Group findGroupById(String id) {
            return groups.getObject().members(id).isEmpty() ? null : group(id);
        }

        @Override
        public Tenant findTenantById(String id) {
            return null;
        }

        @Override
        public UserQuery createUserQuery() {
            return new Users(executor());
        }

        @Override
        public UserQuery createUserQuery(CommandContext context) {
            return new Users(null);
        }

        @Override
        public GroupQuery createGroupQuery() {
            return new Groups(executor());
        }

        @Override
        public GroupQuery createGroupQuery(CommandContext context) {
            return new Groups(null);
        }

        @Override
        public TenantQuery createTenantQuery() {
            return new NoTenants(executor());
        }

        @Override
        public TenantQuery createTenantQuery(CommandContext context) {
            return new NoTenants(null);
        }

        @Override
        public NativeUserQuery createNativeUserQuery() {
            throw new BadUserRequestException("Native user queries are not supported.");
        }

        @Override
        public boolean checkPassword(String userId, String password) {
            return false;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        private CommandExecutor executor() {
            return Context.getProcessEngineConfiguration().getCommandExecutorTxRequired();
        }
    }

    private final class Users extends UserQueryImpl {

        Users(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext context) {
            return find().count();
        }

        @Override
        public List<User> executeList(CommandContext context, Page page) {
            return page(find().map(EngineIdentity::user), page);
        }

        private Stream<Person> find() {
            Stream<Person> candidates;
            if (getId() != null) {
                candidates = people.getObject().find(new UserId(getId())).stream();
            } else if (getGroupId() != null) {
                candidates = groups.getObject().members(getGroupId()).stream()
                        .map(id -> people.getObject().find(id).orElse(null))
                        .filter(Objects::nonNull);
            } else {
                candidates = people.getObject().all().stream();
            }
            return candidates
                    .filter(person -> visible(person.id().value()))
                    .filter(person -> getGroupId() == null
                            || groups.getObject().members(getGroupId()).contains(person.id()))
                    .filter(person -> ids == null
                            || Arrays.asList(ids).contains(person.id().value()))
                    .filter(person -> matches(getFirstName(), person.displayName())
                            && like(getFirstNameLike(), person.displayName()))
                    .filter(person -> matches(getLastName(), "") && like(getLastNameLike(), ""))
                    .filter(person -> matches(getEmail(), person.email()) && like(getEmailLike(), person.email()))
                    .filter(person -> getTenantId() == null)
                    .sorted(Comparator.comparing(Person::id));
        }
    }

    private final class Groups extends GroupQueryImpl {

        Groups(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext context) {
            return find().count();
        }

        @Override
        public List<Group> executeList(CommandContext context, Page page) {
            return page(find().map(EngineIdentity::group), page);
        }

        private Stream<String> find() {
            Stream<String> candidates;
            if (getUserId() != null) {
                candidates =
                        visible(getUserId()) ? groups.getObject().of(new UserId(getUserId())).stream() : Stream.empty();
            } else if (getId() != null) {
                candidates = Stream.of(getId())
                        .filter(id -> !groups.getObject().members(id).isEmpty());
            } else if (getIds() != null) {
                candidates = Arrays.stream(getIds());
            } else {
                candidates = Stream.of(GroupNames.PEOPLE, GroupNames.SUPERADMINS, GroupNames.ENGINE_ADMINS);
            }
            Function<String, Boolean> wanted = id -> matches(getId(), id)
                    && (getIds() == null || Arrays.asList(getIds()).contains(id))
                    && matches(getName(), id)
                    && like(getNameLike(), id)
                    && matches(getType(), "WORKFLOW")
                    && getTenantId() == null;
            return candidates
                    .filter(wanted::apply)
                    .filter(EngineIdentity::groupVisible)
                    .distinct()
                    .sorted();
        }
    }

    private static final class NoTenants extends TenantQueryImpl {

        NoTenants(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext context) {
            return 0;
        }

        @Override
        public List<Tenant> executeList(CommandContext context, Page page) {
            return List.of();
        }
    }
}
