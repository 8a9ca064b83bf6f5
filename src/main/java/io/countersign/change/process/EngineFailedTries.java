package io.countersign.change.process;

import io.countersign.api.FailedTry;
import io.countersign.change.FailedTries;
import io.countersign.change.TriedProcess;
import io.countersign.engine.jobs.FailedAttempts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Reads failed attempts from the engine's jobs. */
@Component
class EngineFailedTries implements FailedTries {

    private final FailedAttempts attempts;
    private final Map<String, String> variables;

    EngineFailedTries(FailedAttempts attempts, List<TriedProcess> tried) {
        this.attempts = attempts;
        this.variables = tried.stream().collect(Collectors.toMap(TriedProcess::process, TriedProcess::variable));
    }

    @Override
    public Map<UUID, FailedTry> of(Collection<UUID> subjects) {
        return attempts.of(variables, subjects.stream().map(UUID::toString).toList()).entrySet().stream()
                .collect(Collectors.toMap(failed -> UUID.fromString(failed.getKey()), Map.Entry::getValue));
    }

    @Override
    public boolean any() {
        return attempts.any(variables);
    }
}
