package io.countersign.notification.web;

import io.countersign.identity.CurrentUser;
import io.countersign.notification.settings.NotificationSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/me/email")
@Tag(name = "Notifications")
class AccountAddressResource {

    private final NotificationSettings settings;

    AccountAddressResource(NotificationSettings settings) {
        this.settings = settings;
    }

    @PostMapping("/confirmation")
    @Operation(
            summary = "Mails a link that confirms the address of the caller's account",
            description = "202 if a mail is sent; 204 if the address is confirmed now, as that of a channel is.")
    ResponseEntity<Void> confirm() {
        return ResponseEntity.status(
                        settings.confirmAccount(CurrentUser.get()) ? HttpStatus.ACCEPTED : HttpStatus.NO_CONTENT)
                .build();
    }
}
