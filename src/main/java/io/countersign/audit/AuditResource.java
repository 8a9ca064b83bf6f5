package io.countersign.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.text.PlainTime;
import io.countersign.chain.Anchor;
import io.countersign.chain.Verification;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "Audit")
class AuditResource {

    private static final int MAX_ANCHORS = 100_000;

    /** The time between two keep-alive bytes while a long trail is verified. */
    private static final int ENTRIES_PER_SIGN = 20_000;

    private final AuditTrail trail;
    private final AuditExport export;
    private final AuditVerification verification;
    private final ObjectMapper json;

    AuditResource(AuditTrail trail, AuditExport export, AuditVerification verification, ObjectMapper json) {
        this.trail = trail;
        this.export = export;
        this.verification = verification;
        this.json = json;
    }

    /** The query's filters, as received. */
    record Query(
            String actor,
            String entity_type,
            String entity_id,
            String entity_name,
            String action,
            String scope,
            String origin,
            String from,
            String to) {

        AuditFilter toFilter() {
            return new AuditFilter(
                    text(actor),
                    text(entity_type),
                    text(entity_id),
                    text(entity_name),
                    text(action),
                    text(scope),
                    origin(origin),
                    instant("from", from),
                    instant("to", to));
        }

        private static Optional<String> text(String value) {
            return Optional.ofNullable(value).filter(text -> !text.isEmpty());
        }

        private static Optional<String> origin(String value) {
            Optional<String> name = text(value);
            if (name.isPresent()
                    && Arrays.stream(Origin.values())
                            .noneMatch(o -> o.wireName().equals(value))) {
                throw new InvalidInput(
                        "origin",
                        "must be one of "
                                + Arrays.stream(Origin.values())
                                        .map(Origin::wireName)
                                        .collect(Collectors.joining(", ")));
            }
            return name;
        }

        private static Optional<Instant> instant(String field, String value) {
            try {
                return text(value).map(PlainTime::read);
            } catch (DateTimeException e) {
                throw new InvalidInput(field, e.getMessage());
            }
        }
    }

    /** The outcome of a verification. */
    record Outcome(boolean intact, long checked, String newestHash, int anchorsMet, Bad finding) {

        record Bad(String kind, long sequence, String explanation) {}

        static Outcome of(Verification verification) {
            return new Outcome(
                    verification.intact(),
                    verification.checked(),
                    verification.newestHash(),
                    verification.anchorsMet(),
                    verification
                            .finding()
                            .map(bad -> new Bad(bad.kind().wireName(), bad.sequence(), bad.explanation()))
                            .orElse(null));
        }
    }

    /** Anchors known from outside the database. */
    record Anchors(List<Noted> anchors) {

        record Noted(long sequence, String hash) {}

        List<Anchor> toAnchors() {
            if (anchors == null
                    || anchors.size() > MAX_ANCHORS
                    || anchors.stream().anyMatch(Objects::isNull)) {
                throw new InvalidInput(
                        "anchors", "must be a list of at most " + MAX_ANCHORS + " anchors, none of them null");
            }
            try {
                return anchors.stream()
                        .map(noted -> new Anchor(noted.sequence(), noted.hash()))
                        .toList();
            } catch (IllegalArgumentException e) {
                throw new InvalidInput(
                        "anchors", "must each have a sequence (0 if unknown) and a hash of 64 hexadecimal digits");
            }
        }
    }

    @GetMapping
    @Operation(summary = "Reads the trail of the scopes that the caller may audit, newest first")
    Page<AuditEntry> list(
            Principal caller,
            @ParameterObject Query query,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return trail.find(caller.getName(), query.toFilter(), PageRequest.of(limit, cursor));
    }

    @GetMapping("/{id:\\d{1,18}}")
    @Operation(summary = "Reads one entry of the trail")
    AuditEntry get(Principal caller, @PathVariable long id) {
        return trail.get(caller.getName(), id);
    }

    @GetMapping("/export")
    @Operation(
            summary = "Exports the trail of the scopes that the caller may audit, oldest first, as CSV or JSON Lines",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {@Content(mediaType = "text/csv"), @Content(mediaType = "application/jsonl")}))
    void export(
            Principal caller,
            @ParameterObject Query query,
            @RequestParam(defaultValue = "jsonl") String format,
            HttpServletResponse response)
            throws IOException {
        AuditExport.Format wanted =
                AuditExport.Format.find(format).orElseThrow(() -> new InvalidInput("format", "must be csv or jsonl"));
        AuditFilter filter = query.toFilter();
        response.setContentType(wanted.mediaType());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit." + wanted.wireName() + "\"");
        export.write(caller.getName(), filter, wanted, response.getOutputStream());
    }

    @GetMapping("/verification")
    @Operation(
            summary = "Verifies the hash chain of the whole trail, optionally against anchors",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Outcome.class))))
    void verify(Principal caller, @RequestParam(required = false) List<String> anchor, HttpServletResponse response)
            throws IOException {
        List<Anchor> anchors = Optional.ofNullable(anchor).orElse(List.of()).stream()
                .map(text -> Anchor.parse(text.toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> new InvalidInput("anchor", "must be a hash, or <sequence>:<hash>")))
                .toList();
        verify(caller, anchors, response);
    }

    @PostMapping("/verification")
    @Operation(
            summary = "Verifies the hash chain of the whole trail against anchors; changes nothing",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Outcome.class))))
    void verify(Principal caller, @RequestBody Anchors known, HttpServletResponse response) throws IOException {
        verify(caller, known.toAnchors(), response);
    }

    /** White space before the JSON keeps the connection alive while a long trail is read. */
    private void verify(Principal caller, Collection<Anchor> anchors, HttpServletResponse response) throws IOException {
        verification.require(caller.getName());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setBufferSize(0);
        OutputStream out = response.getOutputStream();
        Verification found = verification.verify(anchors, checked -> {
            if (checked % ENTRIES_PER_SIGN == 0) {
                try {
                    out.write(' ');
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException("Nobody waits for the verification any more", e);
                }
            }
        });
        out.write(json.writeValueAsBytes(Outcome.of(found)));
    }
}
