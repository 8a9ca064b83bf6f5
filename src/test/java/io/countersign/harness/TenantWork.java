package io.countersign.harness;

import io.countersign.harness.Ledger.Decision;
import io.countersign.harness.Ledger.Kind;
import io.countersign.harness.Ledger.Registration;
import io.countersign.harness.Ledger.Request;
import io.countersign.harness.Ledger.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An orchestrator that registers tenants, and a superadmin who approves, rejects, suspends and reactivates them. */
final class TenantWork extends Work {

    private enum Step {
        REGISTER(null),
        REGISTER_ANEW("rejected"),
        SUSPEND("active"),
        REACTIVATE("suspended");

        private final String from;

        Step(String from) {
            this.from = from;
        }
    }

    /** Again and again, so that everything happens however short the time is. */
    private static final List<Step> STEPS =
            List.of(Step.REGISTER, Step.REGISTER, Step.SUSPEND, Step.REACTIVATE, Step.REGISTER_ANEW, Step.SUSPEND);

    private static final String TENANTS = "/api/v1/tenants";

    private final List<Tenant> own = new ArrayList<>();
    private int steps;

    TenantWork(Caller caller, Ledger ledger, Random random) {
        super(caller, ledger, random);
    }

    @Override
    void once() {
        Step step = STEPS.get(steps++ % STEPS.size());
        List<Tenant> suited = own.stream()
                .filter(tenant -> tenant.latest().status().equals(step.from))
                .toList();
        if (suited.isEmpty()) {
            Tenant tenant = new Tenant(unique("t"));
            register(tenant);
            own.add(tenant);
            return;
        }
        Tenant tenant = any(suited);
        switch (step) {
            case REGISTER_ANEW -> register(tenant);
            case SUSPEND -> change(tenant, "suspend", "suspended");
            case REACTIVATE -> change(tenant, "reactivate", "active");
            case REGISTER -> throw new IllegalStateException("Needs no tenant");
        }
    }

    private void register(Tenant tenant) {
        tenant.sends("pending_approval");
        ledger.tenants.put(tenant.tenantId, tenant);
        Caller.Answer answer = create(
                        World.ORCHESTRATOR,
                        TENANTS,
                        Map.of("tenant_id", tenant.tenantId, "name", tenant.name(), "contact_email", tenant.contact()))
                .expect(201);
        tenant.registrations.add(new Registration(answer.at("/id")));
        tenant.accepted();
        String approval =
                caller.get(Node.ADMINISTRATOR, path(tenant)).expect(200).at("/approval_id");
        Request request = new Request(Kind.TENANT, "create", tenant.name(), approval, World.ORCHESTRATOR);
        ledger.accepted(request);
        // Some wait for good.
        if (mostly(8)) {
            boolean approve = mostly(4);
            change(tenant, approve ? "approve" : "reject", approve ? "active" : "rejected");
            request.decisions.add(new Decision(1, Node.ADMINISTRATOR, approve));
        }
    }

    /** Has a transition made. An attempt whose answer was lost may have worked: then the tenant's status says so. */
    private void change(Tenant tenant, String event, String to) {
        tenant.sends(to);
        while (true) {
            Caller.Answer answer =
                    caller.post(Node.ADMINISTRATOR, path(tenant) + "/" + event, Map.of("reason", "so it is"));
            boolean worked = answer.status() == 200
                    || answer.repeated()
                            && answer.at("/code").equals("invalid_transition")
                            && caller.get(Node.ADMINISTRATOR, path(tenant))
                                    .expect(200)
                                    .at("/status")
                                    .equals(to);
            if (worked) {
                tenant.latest().is(to);
                tenant.accepted();
                return;
            }
            if (!answer.at("/code").equals("concurrent_change")) {
                throw new AssertionError(event + " of " + tenant.tenantId + " was refused: " + answer);
            }
        }
    }

    private static String path(Tenant tenant) {
        return TENANTS + "/" + tenant.latest().id;
    }
}
