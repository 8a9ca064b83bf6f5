package io.countersign.console.layout;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.PreconditionFailed;
import io.countersign.api.problem.PreconditionRequired;
import io.countersign.api.problem.Problem;
import io.countersign.api.problem.TooManyRequests;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** Renders a problem that no page handles as an error page, with the status that programs would get. */
@ControllerAdvice(basePackages = "io.countersign.console")
@Order(Ordered.HIGHEST_PRECEDENCE)
public class Problems {

    @ExceptionHandler
    ModelAndView show(Problem problem) {
        HttpStatus status = status(problem);
        ModelAndView page = new ModelAndView("layout/problem", status);
        page.addObject("status", status.value());
        page.addObject("heading", heading(problem));
        page.addObject("explanation", problem.getMessage());
        return page;
    }

    public static HttpStatus status(Problem problem) {
        if (problem instanceof NotFound) {
            return HttpStatus.NOT_FOUND;
        }
        if (problem instanceof Forbidden) {
            return HttpStatus.FORBIDDEN;
        }
        if (problem instanceof TooManyRequests) {
            return HttpStatus.TOO_MANY_REQUESTS;
        }
        if (problem instanceof PreconditionFailed) {
            return HttpStatus.PRECONDITION_FAILED;
        }
        if (problem instanceof PreconditionRequired) {
            return HttpStatus.PRECONDITION_REQUIRED;
        }
        return problem instanceof Conflict ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_ENTITY;
    }

    private static String heading(Problem problem) {
        if (problem instanceof NotFound) {
            return "Page not found";
        }
        if (problem instanceof Forbidden) {
            return "You don't have access";
        }
        return problem instanceof InvalidInput ? "Invalid input" : "This isn't possible right now";
    }
}
