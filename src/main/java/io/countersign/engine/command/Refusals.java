package io.countersign.engine.command;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.Problem;
import jakarta.ws.rs.core.Response.Status;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.form.validator.FormFieldValidationException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.rest.exception.RestException;

/**
 * Unwraps a rule's refusal from the exceptions that the engine wraps around what a task listener throws, so that
 * Tasklist and engine-rest answer with 403, 409 or 400 and the rule's message instead of 500 (engine-rest maps them in
 * {@code TaskResourceImpl}). The transaction still rolls back.
 */
class Refusals extends CommandInterceptor {

    @Override
    public <T> T execute(Command<T> command) {
        try {
            return next.execute(command);
        } catch (RuntimeException e) {
            throw Problem.in(e).map(Refusals::translate).orElse(e);
        }
    }

    private static RuntimeException translate(Problem problem) {
        String text = problem.getMessage() + " (" + problem.code().wireName() + ")";
        boolean overHttp = Context.getCommandContext().getAuthentication() != null;
        if (problem instanceof Conflict && overHttp) {
            return new RestException(Status.CONFLICT, problem, text);
        }
        if (problem instanceof InvalidInput && overHttp) {
            return new RestException(Status.BAD_REQUEST, problem, text);
        }
        RuntimeException translated = problem instanceof Forbidden
                ? new AuthorizationException(text)
                : new FormFieldValidationException(problem.code().wireName(), text);
        translated.initCause(problem);
        return translated;
    }
}
