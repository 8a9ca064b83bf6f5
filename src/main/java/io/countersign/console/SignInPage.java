package io.countersign.console;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The sign-in form, and the way in from the server's root. Spring Security handles what the form sends. */
@Controller
class SignInPage {

    private final boolean demo;

    SignInPage(ObjectProvider<DemoHints> demo) {
        this.demo = demo.getIfAvailable() != null;
    }

    @GetMapping("/")
    String root() {
        return "redirect:/inbox";
    }

    @GetMapping("/login")
    String signIn(Model model) {
        model.addAttribute("demo", demo);
        return "login";
    }
}
