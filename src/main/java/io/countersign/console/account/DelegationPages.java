package io.countersign.console.account;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.console.layout.Appearance;
import io.countersign.console.layout.FormPeriod;
import io.countersign.console.layout.FormText;
import io.countersign.console.layout.Presenter;
import io.countersign.console.layout.Submission;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegation;
import io.countersign.identity.delegation.Delegations;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The reader's stand-ins, and the people the reader stands in for. */
@Controller
@RequestMapping(DelegationPages.HOME)
class DelegationPages {

    static final String HOME = "/settings/delegations";

    private static final String PERIOD = "period";

    private final Delegations delegations;
    private final Memberships memberships;
    private final Presenter presenter;
    private final Appearance appearance;
    private final Clock clock;

    DelegationPages(
            Delegations delegations, Memberships memberships, Presenter presenter, Appearance appearance, Clock clock) {
        this.delegations = delegations;
        this.memberships = memberships;
        this.presenter = presenter;
        this.appearance = appearance;
        this.clock = clock;
    }

    /**
     * A delegation as the page shows it.
     *
     * @param delegation the delegation
     * @param state its present state
     * @param mayEnd whether the reader may end it now
     * @param mayAnswer whether the reader is asked to be the stand-in
     */
    public record Row(Delegation delegation, Delegation.State state, boolean mayEnd, boolean mayAnswer) {

        /** @return the badge of the state */
        public String badge() {
            return switch (state) {
                case ACTIVE -> "badge-success";
                case PROPOSED, PLANNED -> "badge-waiting";
                case DECLINED, OVER -> "badge-quiet";
            };
        }
    }

    @GetMapping
    String show(Model model) {
        FormPeriod week = FormPeriod.of(clock.instant(), Duration.ofDays(7), appearance.zone());
        return page("", "", week, "", model);
    }

    @PostMapping
    String add(
            @RequestParam(name = "stand_in", defaultValue = "") String standIn,
            @RequestParam(defaultValue = "") String scope,
            @ModelAttribute(PERIOD) FormPeriod period,
            @RequestParam(defaultValue = "") String reason,
            Submission submission) {
        return submission.fill(
                "Nobody was named. Correct the marked fields and send the form again.",
                () -> {
                    Validation validation = new Validation();
                    validation.check(!standIn.isBlank(), "stand_in", "must name a person");
                    Instant begins = period.begins(validation, "from");
                    Instant ends = period.ends(validation, "until");
                    validation.done();
                    Delegation added = delegations.add(
                            CurrentUser.get(),
                            new UserId(standIn.strip()),
                            scope.isEmpty() ? Optional.empty() : Optional.of(scope(scope)),
                            begins,
                            ends,
                            reason);
                    return submission.done(
                            HOME,
                            presenter.person(added.standIn())
                                    + " is asked, and stands in for you after accepting. You are told.");
                },
                model -> page(standIn, scope, period, reason, model));
    }

    @PostMapping("/{id}/accept")
    String accept(@PathVariable String id, Submission submission) {
        return submission.act(
                () -> {
                    Delegation accepted = delegations.accept(CurrentUser.get(), FormText.uuid("delegation", id));
                    return submission.done(
                            HOME,
                            "You stand in for " + presenter.person(accepted.absent()) + ". Both of you are told.");
                },
                this::show);
    }

    @PostMapping("/{id}/decline")
    String decline(@PathVariable String id, Submission submission) {
        Delegation declined = delegations.decline(CurrentUser.get(), FormText.uuid("delegation", id));
        return submission.done(HOME, presenter.person(declined.absent()) + " is told that you decline.");
    }

    @PostMapping("/{id}/end")
    String end(@PathVariable String id, Submission submission) {
        delegations.end(CurrentUser.get(), FormText.uuid("delegation", id));
        return submission.done(HOME, "The delegation is ended.");
    }

    private String page(String standIn, String where, FormPeriod period, String reason, Model model) {
        UserId reader = CurrentUser.get();
        Instant now = clock.instant();
        List<Row> rows = delegations.of(reader).stream()
                .map(delegation -> new Row(
                        delegation,
                        delegation.state(now),
                        delegation.open(now) && delegations.mayEnd(reader, delegation),
                        delegations.mayAnswer(reader, delegation)))
                .toList();
        model.addAttribute(
                "mine",
                rows.stream()
                        .filter(row -> row.delegation().absent().equals(reader))
                        .toList());
        model.addAttribute(
                "theirs",
                rows.stream()
                        .filter(row -> row.delegation().standIn().equals(reader))
                        .toList());
        model.addAttribute("managed", managed(reader, now));
        model.addAttribute("standIn", standIn);
        model.addAttribute("where", where);
        model.addAttribute(PERIOD, period);
        model.addAttribute("reason", reason);
        List<Membership> own = memberships.of(reader);
        model.addAttribute("scopes", own.stream().map(Membership::scope).toList());
        model.addAttribute("people", colleagues(reader, own));
        return "account/delegations";
    }

    /** @return delegations of others: in scopes where the reader is an owner or admin, or all for a superadmin */
    private List<Row> managed(UserId reader, Instant now) {
        Map<UUID, Row> rows = new LinkedHashMap<>();
        for (Membership membership : memberships.of(reader)) {
            if (membership.administers() || membership.scope().equals(Scope.PLATFORM)) {
                for (Delegation delegation : delegations.in(reader, membership.scope())) {
                    if (!delegation.absent().equals(reader)
                            && !delegation.standIn().equals(reader)) {
                        rows.put(delegation.id(), new Row(delegation, delegation.state(now), true, false));
                    }
                }
            }
        }
        return List.copyOf(rows.values());
    }

    /** @return everyone with whom the reader shares an organization or project, by name */
    private List<UserId> colleagues(UserId reader, List<Membership> own) {
        return own.stream()
                .flatMap(membership -> memberships.in(membership.scope()).stream())
                .map(Membership::user)
                .filter(user -> !user.equals(reader))
                .distinct()
                .sorted()
                .toList();
    }

    private static Scope scope(String text) {
        try {
            return Scope.parse(text);
        } catch (RuntimeException e) {
            throw new InvalidInput("scope", "must be one of the list");
        }
    }
}
