package io.countersign.console.layout;

import org.springframework.ui.Model;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One sentence on top of the next page: what was done, or why nothing was. The layout shows it. */
public final class Flash {

    private static final String SUCCESS = "flash_success";
    private static final String PROBLEM = "flash_problem";

    private Flash() {}

    /** Says on the page that is redirected to what was done. */
    public static void success(RedirectAttributes redirect, String sentence) {
        redirect.addFlashAttribute(SUCCESS, sentence);
    }

    /** Says on the page that is shown why nothing was done. */
    public static void problem(Model model, String sentence) {
        model.addAttribute(PROBLEM, sentence);
    }
}
