package io.countersign.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.countersign.api.text.JsonText;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every failure of a REST resource as {@code application/problem+json} with a stable {@code code}. */
@RestControllerAdvice(annotations = RestController.class)
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /** Jackson has no exception of its own for this. */
    private static final Pattern GIVEN_TWICE = Pattern.compile("^Duplicate field '([^']*)'");

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
        return invalidInput(new InvalidInput(e.getName(), "has an unexpected form"));
    }

    @ExceptionHandler
    ProblemDetail invalidConstraint(ConstraintViolationException e) {
        return invalidInput(new InvalidInput(e.getConstraintViolations().stream()
                .map(violation ->
                        new InvalidInput.FieldError(violation.getPropertyPath().toString(), violation.getMessage()))
                .toList()));
    }

    private static ResponseEntity<ProblemDetail> databaseAway(Exception e) {
        log.warn("event=database_unavailable reason={}", e.getMessage());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "5")
                .body(Problems.detail(
                        HttpStatus.SERVICE_UNAVAILABLE, ErrorCode.DATABASE_UNAVAILABLE, Outages.EXPLANATION));
    }

    @ExceptionHandler
    ProblemDetail concurrentChange(ConcurrencyFailureException e) {
        log.info("event=concurrent_change reason={}", e.getMessage());
        return Problems.detail(
                HttpStatus.CONFLICT, ErrorCode.CONCURRENT_CHANGE, "This was changed at the same time. Try again.");
    }

    @ExceptionHandler
    ProblemDetail tookTooLong(QueryTimeoutException e) {
        log.warn("event=statement_timeout reason={}", e.getMessage());
        return Problems.detail(
                HttpStatus.SERVICE_UNAVAILABLE,
                ErrorCode.TOOK_TOO_LONG,
                "The database took too long. Nothing was changed.");
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
        log.error("event=unexpected_failure", e);
        return ResponseEntity.internalServerError()
                .body(Problems.detail(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        ErrorCode.INTERNAL_ERROR,
                        "Something went wrong. Nothing was changed; the log says why."));
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

    /** A header that cannot be read accepts no answer of ours either: the server's answer asks it no more. */
    @Override
    protected ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(
            HttpMediaTypeNotAcceptableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e.getSupportedMediaTypes().isEmpty()
                && request instanceof ServletWebRequest web
                && web.getResponse() != null) {
            try {
                web.getResponse().sendError(status.value());
                return null;
            } catch (IOException hungUp) {
                log.debug("event=client_disconnected", hungUp);
            }
        }
        return super.handleHttpMediaTypeNotAcceptable(e, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Optional<InvalidInput> invalid = field(e.getCause());
        if (invalid.isPresent()) {
            return handleExceptionInternal(
                    e, invalidInput(invalid.get()), headers, HttpStatus.UNPROCESSABLE_ENTITY, request);
        }
        String explanation =
                e.getCause() instanceof JsonProcessingException json ? malformed(json) : "A JSON body is required.";
        return handleExceptionInternal(
                e,
                Problems.detail(HttpStatus.BAD_REQUEST, ErrorCode.MALFORMED_BODY, explanation),
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
            Problems.addCode(detail, Problems.code(HttpStatus.valueOf(status.value())));
        }
        return response;
    }

    /** @return the field that a body breaks a rule in, and the rule; empty if it is no JSON or not one value */
    private static Optional<InvalidInput> field(Throwable failure) {
        Optional<String> twice = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> GIVEN_TWICE.matcher(String.valueOf(cause.getMessage())))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
        if (twice.isPresent()) {
            return Optional.of(new InvalidInput(twice.get(), "must be given once"));
        }
        if (!(failure instanceof JsonMappingException mapping)
                || mapping.getPath().isEmpty()) {
            return Optional.empty();
        }
        String rule = "has the wrong type";
        if (failure instanceof UnrecognizedPropertyException) {
            rule = "is not a known field";
        } else if (failure instanceof JsonText.Broken text) {
            rule = text.getOriginalMessage();
        }
        return Optional.of(new InvalidInput(path(mapping), rule));
    }

    private static String malformed(JsonProcessingException e) {
        return e.getOriginalMessage().startsWith("Trailing token")
                ? "The body continues after its JSON."
                : "The body is not valid JSON.";
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
