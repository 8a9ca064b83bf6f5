package io.countersign.identity.membership;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.transaction.TransactionMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Looks up people's roles in scopes. Each lookup is one statement without a transaction of its own, and is cached for
 * the current transaction, so a transaction uses the memberships as of its first read. Deactivated people have no
 * memberships.
 */
@Component
@Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
public class Memberships {

    private static final Set<Permission> SUPERADMIN = Set.of(
            Permission.TENANT_VIEW,
            Permission.TENANT_APPROVE,
            Permission.TENANT_MANAGE,
            Permission.ORCHESTRATOR_MANAGE,
            Permission.AUDIT_VIEW);

    /** The PostgreSQL advisory lock for the platform's members, who share no row. */
    private static final long SUPERADMINS = 0x6d656d626572735fL;

    private static final String ALL = """
            select scope, user_id, role, team_id from members
            union all select 'platform:platform', id, 'superadmin', null from users where superadmin""";

    private static final String ACTIVE =
            "select m.* from (" + ALL + ") m join users u on u.id = m.user_id" + " where u.deactivated_at is null";

    private final JdbcClient jdbc;
    private final TransactionMemory<UserId, List<Membership>> ofPeople = new TransactionMemory<>();
    private final TransactionMemory<Scope, List<Membership>> inScopes = new TransactionMemory<>();
    private final TransactionMemory<Scope, Boolean> held = new TransactionMemory<>();

    Memberships(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param user any user id
     * @param scope any scope, even one that does not exist
     * @return their membership; empty if they are not a member
     */
    public Optional<Membership> find(UserId user, Scope scope) {
        return in(of(user), scope);
    }

    private static Optional<Membership> in(List<Membership> own, Scope scope) {
        return own.stream()
                .filter(membership -> membership.scope().equals(scope))
                .findFirst();
    }

    /**
     * Guards an action on something in a scope.
     *
     * @param user the acting person
     * @param scope the scope
     * @param permission the required permission
     * @return their membership
     * @throws NotFound if they are not a member, because a scope reveals nothing to outsiders; for the platform, which
     *     everyone knows, they get Forbidden
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     */
    public Membership require(UserId user, Scope scope, Permission permission) {
        return require(of(user), scope, permission);
    }

    /**
     * Guards reading something in a scope: superadmins see everything.
     *
     * @throws NotFound if the person is neither a member nor a superadmin
     * @throws Forbidden with {@code missing_permission} if their role does not allow it
     */
    public void requireView(UserId user, Scope scope, Permission permission) {
        List<Membership> own = of(user);
        if (in(own, Scope.PLATFORM).isEmpty()) {
            require(own, scope, permission);
        }
    }

    private static Membership require(List<Membership> own, Scope scope, Permission permission) {
        Membership membership = in(own, scope)
                .orElseThrow(() -> scope.equals(Scope.PLATFORM)
                        ? new Forbidden(ErrorCode.MISSING_PERMISSION, "Only superadmins can do this.")
                        : new NotFound(scope.type().wireName(), scope.id()));
        if (!membership.permissions().contains(permission)) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION,
                    "This needs the permission " + permission.wireName() + ", which the role " + membership.role()
                            + " does not have.");
        }
        return membership;
    }

    /** @return the refusal for a person who would change their own membership */
    public static Forbidden ownMembership() {
        return new Forbidden(
                ErrorCode.OWN_MEMBERSHIP,
                "You cannot change your own role or team. Ask another owner or admin; a sole owner must appoint another"
                        + " first.");
    }

    /**
     * @param actor any person
     * @param scope an organization or a project that exists
     * @return whether they may appoint an owner without owning anything there: a superadmin may, if no active owner is
     *     left
     */
    public boolean mayAppointOwner(UserId actor, Scope scope) {
        return find(actor, Scope.PLATFORM).isPresent() && in(scope).stream().noneMatch(Membership::owner);
    }

    /**
     * @param user any person
     * @return all their memberships, in organizations, projects and the platform
     */
    public List<Membership> of(UserId user) {
        return ofPeople.get(user, () -> readOf(user));
    }

    private List<Membership> readOf(UserId user) {
        return jdbc.sql(ACTIVE + " and m.user_id = ? order by m.scope like 'platform:%', m.scope")
                .param(user.value())
                .query(Memberships::membership)
                .list();
    }

    /** @return a person's recorded membership in a scope, even while they are deactivated */
    public Optional<Membership> recorded(UserId user, Scope scope) {
        return jdbc.sql("select * from (" + ALL + ") m where m.user_id = ? and m.scope = ?")
                .params(user.value(), scope.toString())
                .query(Memberships::membership)
                .optional();
    }

    /**
     * A member in lists.
     *
     * @param user the person
     * @param displayName their display name
     * @param role their role's name
     * @param team their team; null outside projects
     * @param deactivated whether they are deactivated
     */
    public record Member(UserId user, String displayName, String role, TeamId team, boolean deactivated) {}

    /**
     * @param scope an organization or a project
     * @param request the page, and a text that the members' names must contain
     * @return its members, ordered by user name
     */
    public Page<Member> list(Scope scope, SearchRequest request) {
        PageQuery query = PageQuery.of("""
                        select m.user_id, u.display_name, m.role, m.team_id,
                               u.deactivated_at is not null as deactivated
                        from members m join users u on u.id = m.user_id where m.scope = ?""", scope.toString());
        request.text()
                .ifPresent(text -> query.and(
                        "(strpos(m.user_id, lower(?)) > 0 or strpos(lower(u.display_name), lower(?)) > 0)",
                        text,
                        text));
        return query.page(
                jdbc,
                (row, n) -> new Member(
                        new UserId(row.getString("user_id")),
                        row.getString("display_name"),
                        row.getString("role"),
                        row.getString("team_id") == null ? null : new TeamId(row.getString("team_id")),
                        row.getBoolean("deactivated")),
                "m.user_id",
                member -> member.user().value(),
                request);
    }

    /**
     * @param scope any scope
     * @return its members, ordered by name
     */
    public List<Membership> in(Scope scope) {
        return inScopes.get(scope, () -> readIn(scope));
    }

    /**
     * Locks a scope's members in share mode until the current transaction ends, because it is about to record something
     * that depends on them. Waits for a transaction that changes them.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void hold(Scope scope) {
        held.get(scope, () -> {
            lock(scope, "for share", "select pg_advisory_xact_lock_shared(?)");
            inScopes.clear();
            return true;
        });
    }

    /** Locks a scope's members exclusively, so that only the current transaction changes them. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void holdToChange(Scope scope) {
        lock(scope, "for no key update", "select pg_advisory_xact_lock(?)");
        readAnew();
    }

    private void lock(Scope scope, String strength, String lockPlatform) {
        switch (scope.type()) {
            case ORGANIZATION ->
                jdbc.sql("select id from organizations where id = ? " + strength)
                        .param(scope.id())
                        .query(String.class)
                        .list();
            case PROJECT ->
                jdbc.sql("select id from projects where id = ? " + strength)
                        .param(scope.id())
                        .query(String.class)
                        .list();
            case PLATFORM ->
                jdbc.sql(lockPlatform)
                        .param(SUPERADMINS)
                        .query((row, n) -> true)
                        .list();
        }
    }

    /**
     * Discards what the current transaction has cached, because it changed memberships or waited for a transaction that
     * may have changed them.
     */
    public void readAnew() {
        ofPeople.clear();
        inScopes.clear();
    }

    private List<Membership> readIn(Scope scope) {
        return jdbc.sql(ACTIVE + " and m.scope = ? order by m.user_id")
                .param(scope.toString())
                .query(Memberships::membership)
                .list();
    }

    private static Membership membership(ResultSet row, int number) throws SQLException {
        UserId user = new UserId(row.getString("user_id"));
        Scope scope = Scope.parse(row.getString("scope"));
        return scope.equals(Scope.PLATFORM)
                ? superadmin(user)
                : Membership.of(
                        user,
                        scope,
                        row.getString("role"),
                        Optional.ofNullable(row.getString("team_id")).map(TeamId::new));
    }

    private static Membership superadmin(UserId user) {
        return new Membership(user, Scope.PLATFORM, "superadmin", SUPERADMIN, Optional.empty());
    }
}
