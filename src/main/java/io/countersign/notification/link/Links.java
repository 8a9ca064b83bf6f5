package io.countersign.notification.link;

import io.countersign.api.http.BaseUrl;
import io.countersign.approval.ApprovalId;
import org.springframework.stereotype.Component;

/** URLs of the pages that messages link to. */
@Component
public class Links {

    private final BaseUrl baseUrl;

    Links(BaseUrl baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** @return the console's page of an approval */
    public String approval(ApprovalId approval) {
        return baseUrl.to("/approvals/" + approval);
    }

    /** @return the page that takes a token's decision */
    public String decision(String token) {
        return baseUrl.to("/notification/approval?token=" + token);
    }

    /** @return the page that confirms the address that a token was mailed to */
    public String confirmation(String token) {
        return baseUrl.to("/notification/confirm?token=" + token);
    }

    /** @return the console's notification settings */
    public String settings() {
        return baseUrl.to("/settings/notifications");
    }

    /** @return the page of the stand-ins */
    public String delegations() {
        return baseUrl.to("/settings/delegations");
    }
}
