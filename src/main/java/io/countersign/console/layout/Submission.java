package io.countersign.console.layout;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import io.countersign.api.problem.TooManyRequests;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * A form that a person sent, as an argument of the method that handles it. What was done is said on the page that it
 * redirects to. What was refused shows the page again, under the problem's status, with the reason on top and what is
 * wrong with the fields beside them.
 */
public final class Submission {

    /** What the layout shows on top of a page. */
    private static final String SUCCESS = "flash_success";

    private static final String PROBLEM = "flash_problem";

    /** What stands on top of a form whose fields are wrong. */
    public static final String UNCHANGED = "Nothing was changed. Correct the marked fields and send the form again.";

    private final Model model;
    private final HttpServletResponse response;
    private final RedirectAttributes redirect;

    Submission(Model model, HttpServletResponse response, RedirectAttributes redirect) {
        this.model = model;
        this.response = response;
        this.redirect = redirect;
    }

    /**
     * Does what a form with fields asks for.
     *
     * @param action does it and returns the view
     * @param form shows the form again, as it was filled in
     * @return the view
     */
    public String fill(Supplier<String> action, Function<Model, String> form) {
        return fill(UNCHANGED, action, form);
    }

    /**
     * Does what a form with fields asks for.
     *
     * @param unchanged what to say when fields are wrong
     * @param action does it and returns the view
     * @param form shows the form again, as it was filled in
     * @return the view
     */
    public String fill(String unchanged, Supplier<String> action, Function<Model, String> form) {
        return answer(action, form, problem -> problem instanceof InvalidInput ? unchanged : problem.getMessage());
    }

    /**
     * Does what a button asks for.
     *
     * @param action does it and returns the view
     * @param page shows the page that has the button, as it is now
     * @return the view
     */
    public String act(Supplier<String> action, Function<Model, String> page) {
        return answer(action, page, Problem::getMessage);
    }

    private String answer(Supplier<String> action, Function<Model, String> page, Function<Problem, String> sentence) {
        try {
            return action.get();
        } catch (Problem problem) {
            refuse(problem, sentence.apply(problem));
            return page.apply(model);
        }
    }

    /**
     * @param path where to go on
     * @param sentence what was done, for the page there
     * @return the view
     */
    public String done(String path, String sentence) {
        redirect.addFlashAttribute(SUCCESS, sentence);
        return "redirect:" + path;
    }

    /** Passes a value on to the page that this one redirects to. */
    public void pass(String name, Object value) {
        redirect.addFlashAttribute(name, value);
    }

    /** Has the page that is shown say why nothing was done. */
    public void refuse(Problem problem, String sentence) {
        response.setStatus(Problems.status(problem).value());
        if (problem instanceof TooManyRequests refusal) {
            response.setHeader(HttpHeaders.RETRY_AFTER, refusal.retryAfter());
        }
        FormErrors.of(problem).addTo(model);
        model.addAttribute(PROBLEM, sentence);
    }
}
