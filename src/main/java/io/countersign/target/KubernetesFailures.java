package io.countersign.target;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Explains failures of a Kubernetes API server in plain words. The only class that knows the client's exceptions. Keeps
 * the server's own message, which its administrators know, but not the client's.
 */
final class KubernetesFailures {

    private static final int TOO_MANY_REQUESTS = 429;

    /** Answers that say no more than that there is none now. */
    private static final Set<Integer> NO_ANSWER = Set.of(
            TOO_MANY_REQUESTS,
            HttpURLConnection.HTTP_BAD_GATEWAY,
            HttpURLConnection.HTTP_UNAVAILABLE,
            HttpURLConnection.HTTP_GATEWAY_TIMEOUT);

    private static final List<Class<? extends Throwable>> TIMEOUTS = List.of(
            SocketTimeoutException.class,
            HttpTimeoutException.class,
            InterruptedIOException.class,
            TimeoutException.class);

    private static final List<Class<? extends Throwable>> SILENCE = List.of(IOException.class, TimeoutException.class);

    private KubernetesFailures() {}

    /** @return whether the server gave no answer at all, so that it is better left alone for a moment */
    static boolean isNoAnswer(Throwable failure) {
        return failure instanceof KubernetesClientException e
                && (e.getCode() <= 0 ? causedBy(e, SILENCE) : NO_ANSWER.contains(e.getCode()));
    }

    /**
     * @param what what it was asked to do, such as {@code apply}
     * @param object with which object
     * @param failure what came of it
     * @return the failure for a person
     */
    static TargetFailure explain(String what, ObjectRef object, RuntimeException failure) {
        String reason = failure instanceof KubernetesClientException e
                ? reason(e, object)
                : failure instanceof CallNotPermittedException
                        ? "its API did not answer the last times and is left alone for some seconds."
                        : "something unexpected happened; the log says more.";
        return new TargetFailure("Kubernetes does not " + what + " " + object + ": " + reason, failure);
    }

    private static String reason(KubernetesClientException e, ObjectRef object) {
        if (e.getCode() <= 0) {
            return silence(e, object);
        }
        Optional<Status> status = Optional.ofNullable(e.getStatus());
        Optional<String> said = status.map(Status::getMessage).filter(message -> !message.isBlank());
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_UNAUTHORIZED -> "it does not accept Countersign's credentials.";
            case HttpURLConnection.HTTP_FORBIDDEN ->
                "that is forbidden."
                        + said.map(message -> " It says: " + message).orElse("");
            case HttpURLConnection.HTTP_NOT_FOUND ->
                status.map(Status::getDetails)
                        .filter(details -> details.getName() != null)
                        .flatMap(details -> said)
                        .map(message -> "it is gone, or what it belongs to. It says: " + message)
                        .orElseGet(() -> unknownKind(object));
            default ->
                said.orElseGet(() -> NO_ANSWER.contains(e.getCode())
                        ? "its API is not available now (" + e.getCode() + ")."
                        : "its API answers with the error " + e.getCode() + ".");
        };
    }

    private static String silence(KubernetesClientException e, ObjectRef object) {
        if (causedBy(e, TIMEOUTS)) {
            return "its API did not answer in time.";
        }
        if (causedBy(e, SILENCE)) {
            return "its API cannot be reached.";
        }
        // The client looks kinds up before it asks for an object of one.
        return unknownKind(object);
    }

    private static String unknownKind(ObjectRef object) {
        return "it does not know the kind " + object.kind() + " (" + object.apiVersion()
                + "); its custom resource definition is not installed there.";
    }

    private static boolean causedBy(Throwable failure, List<Class<? extends Throwable>> types) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> types.stream().anyMatch(type -> type.isInstance(cause)));
    }
}
