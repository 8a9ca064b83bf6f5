package io.countersign.api.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorViewResolver;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers what nothing else has answered, such as an unknown path or a wrong method: programs as problem+json, whatever
 * they accept, and browsers with a page.
 */
@Controller
public class Errors implements ErrorController {

    private final List<ErrorViewResolver> pages;
    private final ObjectMapper json;

    Errors(List<ErrorViewResolver> pages, ObjectMapper json) {
        this.pages = pages;
        this.json = json;
    }

    @RequestMapping("${server.error.path:/error}")
    ModelAndView error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = status(request);
        if (isForABrowser(request)) {
            response.setStatus(status.value());
            return pages.stream()
                    .map(resolver -> resolver.resolveErrorView(request, status, Map.of()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
        }
        Problems.send(response, json, Problems.detail(status, explanation(status)));
        return null;
    }

    private static HttpStatus status(HttpServletRequest request) {
        HttpStatus status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND;
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }

    private static String explanation(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "There is nothing at this address.";
            case METHOD_NOT_ALLOWED ->
                "This address does not support the method; the header Allow lists those it supports.";
            default -> status.getReasonPhrase() + ".";
        };
    }

    private static boolean isForABrowser(HttpServletRequest request) {
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))
                .substring(request.getContextPath().length());
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return !ForPrograms.is(path) && accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE);
    }
}
