package io.countersign.console.tenants;

import io.countersign.api.paging.PageRequest;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.tenant.TenantStatus;
import io.countersign.tenant.Tenants;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The platform at a glance, for superadmins. */
@Controller
class DashboardPage {

    private static final int RECENT = 5;

    private final Tenants tenants;

    DashboardPage(Tenants tenants) {
        this.tenants = tenants;
    }

    @GetMapping("/dashboard")
    String show(Model model) {
        UserId reader = CurrentUser.get();
        Tenants.Query pending =
                new Tenants.Query(Optional.of(TenantStatus.PENDING_APPROVAL), Optional.empty(), Optional.empty(), true);
        model.addAttribute("counts", tenants.counts(reader));
        model.addAttribute(
                "recent",
                tenants.list(reader, pending, PageRequest.of(RECENT, null)).items());
        return "tenants/dashboard";
    }
}
