package io.countersign.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.harness.Ledger.Registration;
import io.countersign.harness.Ledger.Tenant;
import io.countersign.harness.MailServer.Mail;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares what an orchestrator and a superadmin were told of tenants with what is recorded, synced and mailed. */
final class TenantFindings {

    private final Evidence evidence;
    private final Collection<Tenant> tenants;

    TenantFindings(Evidence evidence) {
        this.evidence = evidence;
        this.tenants = evidence.ledger().tenants.values();
    }

    void everyTenantIsAsItWasTold() {
        Map<String, String> told = new HashMap<>();
        for (Tenant tenant : tenants) {
            for (Registration registration : tenant.registrations) {
                boolean latest = registration == tenant.latest();
                told.put(
                        registration.id,
                        tenant.tenantId + " is " + registration.status() + (latest ? "" : " and registered anew"));
            }
        }
        assertThat(evidence.pairs("""
                        select id::text, tenant_id || ' is ' || status
                                         || case when latest then '' else ' and registered anew' end
                        from tenants""")).as("registrations").isEqualTo(told);
    }

    void everySyncTellsEveryTenant() {
        Map<String, String> told = tenants.stream()
                .collect(Collectors.toMap(
                        tenant -> tenant.tenantId, tenant -> tenant.latest().status()));
        assertThat(SyncWatch.statuses(evidence.caller()
                        .get(World.ORCHESTRATOR, World.SYNC)
                        .expect(200)
                        .body()))
                .as("what the sync tells")
                .isEqualTo(told);
    }

    void everyTransitionIsInTheTrailOnce() {
        assertThat(evidence.lists("""
                        select entity_id, action from audit_entries where entity_type = 'tenant' order by id"""))
                .as("transitions in the audit trail")
                .isEqualTo(byRegistration(TenantFindings::actions));
    }

    /** Copies that a killed node is to blame for are {@link MailFindings}' affair. */
    void everyContactWasToldOnce() {
        assertThat(evidence.lists("""
                        select tenant::text, from_status || ' ' || to_status || ' ' || status from tenant_notices
                        where kind = 'mail' order by occurred_at""").entrySet())
                .as("notices")
                .containsExactlyInAnyOrderElementsOf(
                        byRegistration(registration ->
                                        transitions(registration, (from, to) -> from + " " + to + " sent"))
                                .entrySet()
                                .stream()
                                .filter(entry -> !entry.getValue().isEmpty())
                                .toList());
        Map<String, Map<String, Long>> arrived = evidence.mailsByDelivery().values().stream()
                .map(copies -> copies.get(0))
                .collect(Collectors.groupingBy(
                        Mail::recipient, Collectors.groupingBy(Mail::subject, Collectors.counting())));
        for (Tenant tenant : tenants) {
            assertThat(arrived.getOrDefault(tenant.contact(), Map.of()))
                    .as("mails to " + tenant.contact())
                    .isEqualTo(tenant.registrations.stream()
                            .flatMap(registration ->
                                    transitions(registration, (from, to) -> subject(tenant, to)).stream())
                            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        }
    }

    void count(Findings findings, SyncWatch watch) {
        Map<String, Long> transitions = tenants.stream()
                .flatMap(tenant -> tenant.registrations.stream())
                .flatMap(registration -> transitions(registration, (from, to) -> from + " to " + to).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        findings.count(
                "transitions of tenants, each in the trail once and mailed once: " + transitions,
                transitions.values().stream().mapToLong(Long::longValue).sum());
        findings.count("tenants, stored and synced as they were told", tenants.size());
        findings.count("syncs answered, each whole", watch.whole.get());
        findings.count("syncs answered with 304, each rightly", watch.unchanged.get());
        findings.count("syncs that ended as an error", watch.errors.get());
    }

    private Map<String, List<String>> byRegistration(Function<Registration, List<String>> what) {
        return tenants.stream()
                .flatMap(tenant -> tenant.registrations.stream())
                .collect(Collectors.toMap(registration -> registration.id, what));
    }

    private static List<String> actions(Registration registration) {
        List<String> actions = new ArrayList<>(List.of("submit"));
        transitions(registration, (from, to) -> switch (to) {
                    case "rejected" -> List.of("reject", "close");
                    case "suspended" -> List.of("suspend");
                    default -> from.equals("suspended") ? List.of("reactivate") : List.of("approve", "activate");
                })
                .forEach(actions::addAll);
        return actions;
    }

    private static String subject(Tenant tenant, String status) {
        return "Tenant " + tenant.name()
                + switch (status) {
                    case "active" -> " is active";
                    case "suspended" -> " is suspended";
                    default -> " was not approved";
                };
    }

    private static <T> List<T> transitions(Registration registration, BiFunction<String, String, T> of) {
        List<String> statuses = registration.statuses();
        List<T> transitions = new ArrayList<>();
        for (int i = 1; i < statuses.size(); i++) {
            transitions.add(of.apply(statuses.get(i - 1), statuses.get(i)));
        }
        return transitions;
    }
}
