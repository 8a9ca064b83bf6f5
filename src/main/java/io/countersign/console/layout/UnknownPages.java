package io.countersign.console.layout;

import io.countersign.api.problem.ForPrograms;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers browsers with a page for unknown addresses; programs still get problem+json. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnknownPages {

    @ExceptionHandler(exception = NoResourceFoundException.class, produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView unknown(NoResourceFoundException e) throws NoResourceFoundException {
        if (ForPrograms.is("/" + e.getResourcePath())) {
            throw e;
        }
        return new ModelAndView("error/404", HttpStatus.NOT_FOUND);
    }
}
