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
 * A submitted form, as an argument of its handler method. Success redirects to a page that says what was done. A
 * refusal shows the form's page again, with the problem's status, the reason at the top and the errors beside the
 * fields.
 */
public final class Submission {

    /** The message that the layout shows at the top of a page. */
    private static final String SUCCESS = "flash_success";

    private static final String PROBLEM = "flash_problem";

    /** The message at the top of a form with invalid fields. */
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
     * Handles a form with fields.
     *
     * @param action does it and returns the view
     * @param form shows the form again, as it was filled in
     * @return the view
     */
    public String fill(Supplier<String> action, Function<Model, String> form) {
        return fill(UNCHANGED, action, form);
    }

    /**
     * Handles a form with fields.
     *
     * @param unchanged the message when fields are invalid
     * @param action does it and returns the view
     * @param form shows the form again, as it was filled in
     * @return the view
     */
    public String fill(String unchanged, Supplier<String> action, Function<Model, String> form) {
        return answer(action, form, problem -> problem instanceof InvalidInput ? unchanged : problem.getMessage());
    }

    /**
     * Handles a button.
     *
     * @param action does it and returns the view
     * @param page shows the button's page in its present state
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
     * @param path the redirect's target
     * @param sentence what was done, for that page
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

    /** Makes the rendered page say why nothing was done. */
    public void refuse(Problem problem, String sentence) {
        response.setStatus(Problems.status(problem).value());
        if (problem instanceof TooManyRequests refusal) {
            response.setHeader(HttpHeaders.RETRY_AFTER, refusal.retryAfter());
        }
        FormErrors.of(problem).addTo(model);
        model.addAttribute(PROBLEM, sentence);
    }
}
