package io.countersign.notification.web;

import io.countersign.api.problem.NotFound;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.settings.NotificationSettings;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The page that confirms a channel's address. A GET changes nothing, because mail scanners follow links. */
@Controller
@RequestMapping("/notification/confirm")
class ConfirmationPage {

    private final NotificationSettings settings;

    ConfirmationPage(NotificationSettings settings) {
        this.settings = settings;
    }

    @ModelAttribute
    void headers(HttpServletResponse response) {
        Notice.keepTokenHere(response);
    }

    @GetMapping
    ModelAndView show(@RequestParam(defaultValue = "") String token) {
        Optional<Channel> channel = settings.toConfirm(token);
        if (channel.isEmpty()) {
            return unknown();
        }
        if (!channel.get().user().equals(CurrentUser.get())) {
            return Notice.page(
                    HttpStatus.FORBIDDEN,
                    "Not your link",
                    "Another person asked for notifications to be sent to this address. Sign in as that person to"
                            + " confirm it, or ignore the mail: nothing more will come.");
        }
        ModelAndView page = new ModelAndView("notification/confirm");
        page.addObject("token", token);
        page.addObject("address", channel.get().target());
        page.addObject("scope", channel.get().scope().id());
        return page;
    }

    @PostMapping
    ModelAndView confirm(@RequestParam(defaultValue = "") String token) {
        UserId person = CurrentUser.get();
        try {
            Channel channel = settings.confirm(person, token);
            return Notice.page(
                    HttpStatus.OK,
                    "Address confirmed",
                    channel.target() + " now gets what its channel is subscribed to.");
        } catch (NotFound e) {
            return unknown();
        }
    }

    private static ModelAndView unknown() {
        return Notice.page(
                HttpStatus.NOT_FOUND,
                "Unknown or expired link",
                "This link was used, has expired after 7 days, or belongs to a channel that is gone. You can have"
                        + " another one sent under Settings, Notifications.");
    }
}
