package io.countersign.console.account;

import io.countersign.identity.people.SignInWays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The sign-in form, and the redirect from the server's root. Spring Security handles the submitted form. */
@Controller
class SignInPage {

    private final boolean demo;
    private final SignInWays ways;

    SignInPage(ObjectProvider<DemoHints> demo, SignInWays ways) {
        this.demo = demo.getIfAvailable() != null;
        this.ways = ways;
    }

    @GetMapping("/")
    String root() {
        return "redirect:/inbox";
    }

    @GetMapping("/login")
    String signIn(Model model) {
        model.addAttribute("demo", demo);
        model.addAttribute("password", ways.password());
        model.addAttribute("provider", ways.provider().orElse(null));
        model.addAttribute("providerPath", SignInWays.PROVIDER_PATH);
        return "account/login";
    }
}
