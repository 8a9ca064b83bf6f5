package io.countersign.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every failure of a REST resource as {@code application/problem+json} with a stable {@code code}. */
@RestControllerAdvice(annotations = RestController.class)
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ProblemDetail notFound(NotFound problem) {
        return Problems.detail(HttpStatus.NOT_FOUND, problem.code(), problem.getMessage());
    }

    @ExceptionHandler
    ProblemDetail forbidden(Forbidden problem) {
        return Problems.detail(HttpStatus.FORBIDDEN, problem.code(), problem.getMessage());
    }

    @ExceptionHandler
    ProblemDetail conflict(Conflict problem) {
        return Problems.detail(HttpStatus.CONFLICT, problem.code(), problem.getMessage());
    }

    @ExceptionHandler
    ProblemDetail preconditionFailed(PreconditionFailed problem) {
        return Problems.detail(HttpStatus.PRECONDITION_FAILED, problem.code(), problem.getMessage());
    }

    @ExceptionHandler
    ProblemDetail preconditionRequired(PreconditionRequired problem) {
        return Problems.detail(HttpStatus.PRECONDITION_REQUIRED, problem.code(), problem.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooManyRequests(TooManyRequests problem) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, problem.retryAfter())
                .body(Problems.detail(HttpStatus.TOO_MANY_REQUESTS, problem.code(), problem.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail invalidInput(InvalidInput problem) {
        ProblemDetail detail = Problems.detail(HttpStatus.UNPROCESSABLE_ENTITY, problem.code(), problem.getMessage());
        detail.setProperty("errors", problem.errors());
        return detail;
    }

    @ExceptionHandler
    ProblemDetail invalidParameter(MethodArgumentTypeMismatchException e) {
        return invalidInput(new InvalidInput(e.getName(), "is not of the expected form"));
    }

    @ExceptionHandler
    ProblemDetail invalidConstraint(ConstraintViolationException e) {
        return invalidInput(new InvalidInput(e.getConstraintViolations().stream()
                .map(violation ->
                        new InvalidInput.FieldError(violation.getPropertyPath().toString(), violation.getMessage()))
                .toList()));
    }

    private static ResponseEntity<ProblemDetail> databaseAway(Exception e) {
        log.warn("The database cannot be reached: {}", e.getMessage());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "5")
                .body(Problems.detail(
                        HttpStatus.SERVICE_UNAVAILABLE, Outages.DATABASE_UNAVAILABLE, Outages.EXPLANATION));
    }

    @ExceptionHandler
    ProblemDetail concurrentChange(ConcurrencyFailureException e) {
        log.info("Met another transaction: {}", e.getMessage());
        return Problems.detail(
                HttpStatus.CONFLICT, "concurrent_change", "Something else changed this just now. Try again.");
    }

    @ExceptionHandler
    ProblemDetail tookTooLong(QueryTimeoutException e) {
        log.warn("The database ended a statement that took too long: {}", e.getMessage());
        return Problems.detail(
                HttpStatus.SERVICE_UNAVAILABLE, "took_too_long", "The database took too long. Nothing was changed.");
    }

    /** What fails in the middle of its answer is left to the server, which breaks the connection off. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e, HttpServletResponse response) throws Exception {
        if (e instanceof AccessDeniedException
                || e instanceof AuthenticationException
                || e instanceof RequestRejectedException
                || response.isCommitted()) {
            throw e;
        }
        if (Outages.isDatabaseAway(e)) {
            return databaseAway(e);
        }
        log.error("Unexpected failure", e);
        return ResponseEntity.internalServerError()
                .body(Problems.detail(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "internal_error",
                        "Something went wrong here. Nothing was changed; the log says why."));
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<InvalidInput.FieldError> errors = e.getFieldErrors().stream()
                .map(error -> new InvalidInput.FieldError(snakeCase(error.getField()), error.getDefaultMessage()))
                .toList();
        return handleExceptionInternal(
                e, invalidInput(new InvalidInput(errors)), headers, HttpStatus.UNPROCESSABLE_ENTITY, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            return handleExceptionInternal(
                    e,
                    invalidInput(new InvalidInput(path(unknown), "is not a known field")),
                    headers,
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    request);
        }
        if (e.getCause() instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return handleExceptionInternal(
                    e,
                    invalidInput(new InvalidInput(path(mapping), "is not of the expected type")),
                    headers,
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    request);
        }
        String explanation = e.getCause() instanceof JsonProcessingException
                ? "The body is not valid JSON."
                : "A JSON body is needed.";
        return handleExceptionInternal(
                e,
                Problems.detail(HttpStatus.BAD_REQUEST, "malformed_body", explanation),
                headers,
                HttpStatus.BAD_REQUEST,
                request);
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception e, Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ResponseEntity<Object> response = super.handleExceptionInternal(e, body, headers, status, request);
        if (response != null
                && response.getBody() instanceof ProblemDetail detail
                && (detail.getProperties() == null || !detail.getProperties().containsKey("code"))) {
            Problems.addCode(detail, HttpStatus.valueOf(status.value()).name().toLowerCase(java.util.Locale.ROOT));
        }
        return response;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String snakeCase(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }
}
